//! The section Cost optimization: what is paid for, and whether anybody needs it.

mod clean_up_old_data_with_s3_lifecycle;
mod create_billing_alarms;

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &PICK_PROPER_EC2_INSTANCE_TYPES,
    &USE_SPOT_INSTANCES,
    &USE_RESERVED_INSTANCES,
    &SHUT_DOWN_UNUSED_INSTANCES,
    &USE_AUTO_SCALING,
    &USE_DOCKER_WHEN_POSSIBLE,
    &USE_LAMBDA_WHEN_POSSIBLE,
    &clean_up_old_data_with_s3_lifecycle::ITEM,
    &CLEAN_UP_UNUSED_RESOURCES,
    &LEARN_TO_ANALYZE_YOUR_AWS_BILL,
    &create_billing_alarms::ITEM,
];

const PICK_PROPER_EC2_INSTANCE_TYPES: Item = Item {
    id: "cost-optimization/pick-proper-ec2-instance-types",
    title: "Pick proper EC2 Instance types and sizes",
    decides: Decides::Partly,
    what: "Instances are of a current generation and of a size that their load asks for, found by \
           measuring; many small ones rather than few large ones.",
    why: "Sizes that somebody guessed at the start are paid for every hour until somebody looks.",
    confirm: "Open Compute Optimizer, or the processor and memory use of two weeks, and note each instance \
           that uses less than half of either.",
    references: &[
        Reference {
            title: "Amazon EC2 instance types",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html",
        },
        Reference {
            title: "What is AWS Compute Optimizer?",
            url: "https://docs.aws.amazon.com/compute-optimizer/latest/ug/what-is-compute-optimizer.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["instances of former generations", "instances that are idle"],
};

const USE_SPOT_INSTANCES: Item = Item {
    id: "cost-optimization/use-spot-instances",
    title: "Use Spot EC2 Instances for background jobs",
    decides: Decides::Partly,
    what: "Work that may be interrupted, such as batch jobs, builds and test environments, runs on Spot \
           capacity.",
    why: "The same work on demand costs several times as much.",
    confirm: "List the background jobs and what each runs on. For those not on Spot, write down why an \
           interruption would hurt.",
    references: &[Reference {
        title: "Spot Instances",
        url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["Spot instances and Spot capacity in use"],
};

const USE_RESERVED_INSTANCES: Item = Item {
    id: "cost-optimization/use-reserved-instances",
    title: "Use Reserved EC2 Instances for dedicated work",
    decides: Decides::Partly,
    what: "Capacity that runs all year is covered by Savings Plans or Reserved Instances, and somebody \
           knows when these end.",
    why: "Steady load on demand costs up to three times as much, and a reservation that lapses raises the bill overnight.",
    confirm: "Open the coverage report of Savings Plans and reservations in Cost Explorer, and note the \
           coverage and the next end date.",
    references: &[
        Reference {
            title: "Reserved Instances for Amazon EC2 overview",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-reserved-instances.html",
        },
        Reference {
            title: "What are Savings Plans?",
            url: "https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["reservations that are about to end"],
};

const SHUT_DOWN_UNUSED_INSTANCES: Item = Item {
    id: "cost-optimization/shut-down-unused-instances",
    title: "Shut down EC2 Instances and RDS DBs when not using them",
    decides: Decides::Partly,
    what: "Instances and databases that only people in office hours use are stopped at night and at \
           weekends by a schedule.",
    why: "Two thirds of the hours of a week are nights and weekends: a test environment that runs through \
           them costs three times what it should.",
    confirm: "Name the schedule and the environments that it stops. Look at the running instances on a \
           Sunday.",
    references: &[
        Reference {
            title: "Instance Scheduler on AWS",
            url: "https://docs.aws.amazon.com/solutions/latest/instance-scheduler-on-aws/solution-overview.html",
        },
        Reference {
            title: "Stopping an Amazon RDS DB instance temporarily",
            url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["instances that have been stopped for long", "databases without connections"],
};

const USE_AUTO_SCALING: Item = Item {
    id: "cost-optimization/use-auto-scaling",
    title: "Use Auto Scaling",
    decides: Decides::Partly,
    what: "Capacity follows the load down as well as up, so that quiet hours cost less than busy ones.",
    why: "Capacity for the peak that runs all day is paid for all day.",
    confirm: "Compare the number of instances or tasks at the quietest and the busiest hour of last week.",
    references: &[Reference {
        title: "What is Amazon EC2 Auto Scaling?",
        url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/what-is-amazon-ec2-auto-scaling.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["Auto Scaling groups and ECS services that do not scale"],
};

const USE_DOCKER_WHEN_POSSIBLE: Item = Item {
    id: "cost-optimization/use-docker-when-possible",
    title: "Use Docker when possible",
    decides: Decides::Partly,
    what: "Several applications share servers as containers, placed by ECS or EKS where there is room.",
    why: "One application for each server leaves most of each server idle.",
    confirm: "Compare what the tasks reserve with what the cluster has: most of it should be in use.",
    references: &[Reference {
        title: "What is Amazon Elastic Container Service?",
        url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/Welcome.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["ECS and EKS clusters in use"],
};

const USE_LAMBDA_WHEN_POSSIBLE: Item = Item {
    id: "cost-optimization/use-lambda-when-possible",
    title: "Use Lambda when possible",
    decides: Decides::Partly,
    what: "Short jobs, schedules and glue code run as Lambda functions, which cost nothing while nothing \
           happens.",
    why: "A server that waits all day for a job of a minute is paid for all day.",
    confirm: "List the jobs that take less than fifteen minutes and what each runs on.",
    references: &[Reference {
        title: "What is AWS Lambda?",
        url: "https://docs.aws.amazon.com/lambda/latest/dg/welcome.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["functions with schedules and event sources"],
};

const CLEAN_UP_UNUSED_RESOURCES: Item = Item {
    id: "cost-optimization/clean-up-unused-resources",
    title: "Clean up unused resources",
    decides: Decides::Machine,
    what: "What nobody uses is deleted: unattached volumes, addresses, balancers without targets, idle NAT \
           gateways, old snapshots and images.",
    why: "Each costs little, together they add up, and nobody dares to delete them once their \
           owner has left.",
    confirm: "Go through the list of each kind with its owner, delete what nobody claims, and name the job \
           that does it from then on.",
    references: &[
        Reference {
            title: "Delete an Amazon EBS volume",
            url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-deleting-volume.html",
        },
        Reference {
            title: "Cost Optimization Hub",
            url: "https://docs.aws.amazon.com/cost-management/latest/userguide/cost-optimization-hub.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "unattached volumes and addresses",
        "load balancers and NAT gateways that nothing uses",
        "old snapshots and unused images",
        "unused security groups",
    ],
};

const LEARN_TO_ANALYZE_YOUR_AWS_BILL: Item = Item {
    id: "cost-optimization/learn-to-analyze-your-aws-bill",
    title: "Learn to analyze your AWS bill",
    decides: Decides::Partly,
    what: "Somebody reads the bill every month, can explain its largest lines, and sees a jump within \
           days.",
    why: "What nobody can explain nobody can reduce, and a costly mistake is found \
           at the end of the month.",
    confirm: "Explain the five largest lines of the last bill and what changed. Name the report, the cost \
           allocation tags and who is told of anomalies.",
    references: &[
        Reference {
            title: "What are AWS Data Exports?",
            url: "https://docs.aws.amazon.com/cur/latest/userguide/what-is-data-exports.html",
        },
        Reference {
            title: "Detecting unusual spend with AWS Cost Anomaly Detection",
            url: "https://docs.aws.amazon.com/cost-management/latest/userguide/manage-ad.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["cost and usage reports", "cost anomaly monitors"],
};
