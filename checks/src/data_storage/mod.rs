//! The items of the section `data-storage`: databases, queues, streams and jobs, the space they need, and the
//! backups that bring them back.

use crate::{Decides, Item, Reference};

mod configure_backup;
mod deploy_relational_databases;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &deploy_relational_databases::ITEM,
    &DEPLOY_NOSQL_DATABASES,
    &DEPLOY_QUEUES,
    &DEPLOY_SEARCH_TOOLS,
    &DEPLOY_STREAM_PROCESSING_TOOLS,
    &DEPLOY_A_DATA_WAREHOUSE,
    &DEPLOY_BIG_DATA_SYSTEMS,
    &SET_UP_CRON_JOBS,
    &CONFIGURE_DISK_SPACE,
    &configure_backup::ITEM,
    &CONFIGURE_CROSS_ACCOUNT_BACKUP,
    &TEST_YOUR_BACKUPS,
    &SET_UP_SCHEMA_MANAGEMENT,
];

const DEPLOY_NOSQL_DATABASES: Item = Item {
    id: "data-storage/deploy-nosql-databases",
    title: "Deploy NoSQL databases",
    decides: Decides::Partly,
    what: "Key-value and document data is in a managed store: Amazon ElastiCache for Valkey, Redis OSS or Memcached, \
           or Amazon DynamoDB. Replicas take over by themselves, tables follow the load, and no table can be deleted \
           by accident.",
    why: "A cache with a single node takes the application down with it, a table with too little capacity throttles at \
          the worst moment, and one wrong command deletes it for good.",
    confirm: "In the ElastiCache console check Multi-AZ and automatic failover of each cluster, in DynamoDB the \
              capacity mode, auto scaling and deletion protection of each table. Run one failover in a test \
              environment (`aws elasticache test-failover`) and note the date and how the application bore it.",
    references: &[
        Reference {
            title: "Minimizing downtime in ElastiCache by using Multi-AZ with Valkey and Redis OSS",
            url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html",
        },
        Reference {
            title: "Managing throughput capacity automatically with DynamoDB auto scaling",
            url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "automatic failover of ElastiCache replication groups",
        "on-demand or auto-scaled capacity of DynamoDB tables",
        "deletion protection of DynamoDB tables",
    ],
};

const DEPLOY_QUEUES: Item = Item {
    id: "data-storage/deploy-queues",
    title: "Deploy queues",
    decides: Decides::Partly,
    what: "Work passed between services goes through Amazon SQS. Each queue has a dead-letter queue for messages that \
           fail again and again, and its policy lets in only known senders and receivers.",
    why: "One message that can never be processed returns until it expires and holds up the rest. A queue open to \
          everyone lets strangers read your messages or feed in their own.",
    confirm: "In the SQS console open each queue's Dead-letter queue and Access policy tabs, and check that an alarm \
              watches the number of messages in the dead-letter queue. Send a message that must fail in a test \
              environment and note that it arrives there.",
    references: &[
        Reference {
            title: "Using dead-letter queues in Amazon SQS",
            url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/\
                  sqs-dead-letter-queues.html",
        },
        Reference {
            title: "Amazon SQS security best practices",
            url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/\
                  sqs-security-best-practices.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["dead-letter queues of SQS queues", "SQS queue policies that are not public"],
};

const DEPLOY_SEARCH_TOOLS: Item = Item {
    id: "data-storage/deploy-search-tools",
    title: "Deploy search tools",
    decides: Decides::Partly,
    what: "Full-text search and log analysis run on Amazon OpenSearch Service, or on a cluster you operate yourself \
           where its limits stand in the way. A domain has several data nodes and is reached only from inside a VPC.",
    why: "A domain with one node loses its index together with that node, and search domains reachable from the \
          internet are a well-known way for whole data sets to leak.",
    confirm: "In the OpenSearch Service console look at each domain's number of nodes and zones under Cluster \
              configuration and at its network and access policy under Security configuration. From outside the VPC \
              its endpoint must not answer; note the domains and the result.",
    references: &[
        Reference {
            title: "Operational best practices for Amazon OpenSearch Service",
            url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp.html",
        },
        Reference {
            title: "Launching your Amazon OpenSearch Service domains within a VPC",
            url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["OpenSearch domains of several nodes", "OpenSearch domains inside a VPC"],
};

const DEPLOY_STREAM_PROCESSING_TOOLS: Item = Item {
    id: "data-storage/deploy-stream-processing-tools",
    title: "Deploy stream processing tools",
    decides: Decides::Partly,
    what: "Streams of events go through Amazon Kinesis Data Streams, or through Apache Kafka, for example on Amazon \
           MSK, where Kinesis does not fit. Records are encrypted and kept long enough for a stopped consumer to catch \
           up.",
    why: "Records older than the retention period are gone. A consumer that stands still over a weekend then loses \
          data that no backup holds.",
    confirm: "Run `aws kinesis describe-stream-summary` for each stream and note its encryption type, retention period \
              and capacity mode. Compare the retention with the longest outage your consumers may have, and check that \
              an alarm watches their iterator age or consumer lag.",
    references: &[
        Reference {
            title: "What is Amazon Kinesis Data Streams?",
            url: "https://docs.aws.amazon.com/streams/latest/dev/introduction.html",
        },
        Reference {
            title: "Change the data retention period",
            url: "https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["encryption of Kinesis data streams", "retention period of Kinesis data streams"],
};

const DEPLOY_A_DATA_WAREHOUSE: Item = Item {
    id: "data-storage/deploy-a-data-warehouse",
    title: "Deploy a data warehouse",
    decides: Decides::Partly,
    what: "Analytical queries over large amounts of data run in a data warehouse such as Amazon Redshift, apart from \
           the production databases. It is not reachable from the internet, and its snapshots are kept for at least a \
           week.",
    why: "Reports run against the production database slow it down for customers. The warehouse holds a copy of nearly \
          everything, so an open or unrecoverable one is as bad as losing the databases themselves.",
    confirm: "In the Redshift console check that each cluster or workgroup is not publicly accessible and how long \
              automated snapshots are kept. Ask where reports run today; note the warehouse, or that you have no \
              analytical load yet.",
    references: &[
        Reference {
            title: "Amazon Redshift snapshots and backups",
            url: "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html",
        },
        Reference {
            title: "What is Amazon Redshift?",
            url: "https://docs.aws.amazon.com/redshift/latest/mgmt/welcome.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["Redshift clusters closed to the internet", "snapshot retention of Redshift clusters"],
};

const DEPLOY_BIG_DATA_SYSTEMS: Item = Item {
    id: "data-storage/deploy-big-data-systems",
    title: "Deploy big data systems",
    decides: Decides::Partly,
    what: "Spark, Hive, HBase, Trino and similar jobs run on Amazon EMR. Block public access is on in every Region in \
           use, and clusters write their logs to Amazon S3.",
    why: "The web interfaces of such clusters run any code they are sent, so an open port is a takeover. When a \
          short-lived cluster fails, its local logs vanish with it.",
    confirm: "Run `aws emr get-block-public-access-configuration` in each Region in use and check the log URI of each \
              cluster in the EMR console. Note the buckets with the logs, or that you run no such jobs.",
    references: &[
        Reference {
            title: "Using Amazon EMR block public access",
            url: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-block-public-access.html",
        },
        Reference {
            title: "Configure Amazon EMR cluster logging and debugging",
            url: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-debugging.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["EMR block public access", "EMR cluster logs kept in S3"],
};

const SET_UP_CRON_JOBS: Item = Item {
    id: "data-storage/set-up-cron-jobs",
    title: "Set up cron jobs",
    decides: Decides::Partly,
    what: "Recurring jobs are started by Amazon EventBridge Scheduler or EventBridge rules, which call Lambda \
           functions or run ECS tasks. Work of several steps is a Step Functions state machine that logs its \
           executions.",
    why: "A crontab on one server stops with that server, and nobody misses the job until its result is needed. A \
          schedule without a target fires into nothing.",
    confirm: "List the jobs your product depends on and find each under Schedules or Rules in the EventBridge console: \
              enabled, with a target. Check that a failed run raises an alarm, and look in the repositories and on \
              servers for crontabs left over; note the list.",
    references: &[
        Reference {
            title: "What is Amazon EventBridge Scheduler?",
            url: "https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html",
        },
        Reference {
            title: "Using CloudWatch Logs to log execution history in Step Functions",
            url: "https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["enabled EventBridge rules and schedules with a target", "logging of Step Functions state machines"],
};

const CONFIGURE_DISK_SPACE: Item = Item {
    id: "data-storage/configure-disk-space",
    title: "Configure disk space",
    decides: Decides::Partly,
    what: "Each data store has room for the data you expect: storage autoscaling or an alarm on free space for Amazon \
           RDS, and for stores you run yourself EBS volumes that can be grown and attached again, in the same \
           Availability Zone, when an instance is replaced.",
    why: "A database with a full disk stops taking writes, and freeing space on it in a hurry is when data gets \
          deleted by mistake.",
    confirm: "Compare used and allocated space of each store with its growth over the last months, and work out how \
              many months are left. In the RDS console check the maximum storage threshold and the FreeStorageSpace \
              alarms. For self-managed stores replace one instance in a test environment and note that its data came \
              back.",
    references: &[
        Reference {
            title: "Managing capacity automatically with Amazon RDS storage autoscaling",
            url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html",
        },
        Reference {
            title: "Modify an Amazon EBS volume using Elastic Volumes operations",
            url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modify-volume.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["storage autoscaling or a free-space alarm for RDS instances"],
};

const CONFIGURE_CROSS_ACCOUNT_BACKUP: Item = Item {
    id: "data-storage/configure-cross-account-backup",
    title: "Configure cross-account backup",
    decides: Decides::Partly,
    what: "Backups are also copied to another AWS account, one whose administrators differ from those of production: \
           by AWS Backup copy actions, shared snapshots or S3 replication.",
    why: "Whoever takes over the production account, or deletes the wrong things in it, reaches the backups stored \
          there too. A copy elsewhere is the one that survives.",
    confirm: "In the AWS Backup console open a backup plan's rules and look for a copy to a vault in another account, \
              then sign in to that account and check the age of the newest recovery point. Note the account, the \
              vault, the date, and who can delete from it.",
    references: &[
        Reference {
            title: "Creating backup copies across AWS accounts",
            url: "https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html",
        },
        Reference {
            title: "Replicating objects within and across Regions",
            url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "AWS Backup copies to a vault of another account",
        "RDS and EBS snapshots shared with another account",
        "S3 replication to another account",
    ],
};

const TEST_YOUR_BACKUPS: Item = Item {
    id: "data-storage/test-your-backups",
    title: "Test your backups",
    decides: Decides::Partly,
    what: "Backups are restored on a schedule, by an AWS Backup restore testing plan or a job of your own, and the \
           restored data is checked, not only the fact that the restore ended.",
    why: "A backup that was never restored may be empty, encrypted with a lost key, or slower to restore than your \
          customers will wait, and an outage is the worst time to learn it.",
    confirm: "Under Restore testing and Jobs in the AWS Backup console find a completed restore of the last 90 days \
              for each kind of store. Note its date, how long it took, what was checked in the restored data, and who \
              would run it in an emergency.",
    references: &[
        Reference {
            title: "Restore testing",
            url: "https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html",
        },
        Reference {
            title: "Restoring to a DB instance",
            url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["a completed restore or a restore testing plan in the last 90 days"],
};

const SET_UP_SCHEMA_MANAGEMENT: Item = Item {
    id: "data-storage/set-up-schema-management",
    title: "Set up schema management",
    decides: Decides::Human,
    what: "The schema of every database is defined by migration files in version control, which the deployment applies \
           in order with a tool such as Flyway, Liquibase or your framework's own.",
    why: "Schemas changed by hand drift apart between environments, so a release that worked in staging fails in \
          production and nobody can say which change is missing.",
    confirm: "Find the migrations in the repository and the deployment step that runs them. Build an empty database \
              from them alone, compare its schema with that of production, and note the tool, the last migration \
              applied and how one is undone.",
    references: &[
        Reference { title: "Flyway documentation (Redgate)", url: "https://documentation.red-gate.com/flyway" },
        Reference { title: "Liquibase documentation (Liquibase)", url: "https://docs.liquibase.com/" },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};
