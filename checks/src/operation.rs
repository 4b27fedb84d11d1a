//! The AWS operations that golive sends, each with the IAM action that allows it.
//!
//! This list is the program's promise to be read-only: every verb is Describe, Get, List or
//! GenerateCredentialReport, and nothing is sent that does not stand here.

/// One operation of an AWS API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// The service as the SDK signs for it: `ec2`.
    pub service: &'static str,
    /// The API's name: `GetBucketLifecycleConfiguration`.
    pub name: &'static str,
    /// The IAM action, which S3 and Budgets name otherwise: `s3:GetLifecycleConfiguration`.
    pub permission: &'static str,
}

macro_rules! operations {
    ($($constant:ident = $service:literal $name:literal $(as $permission:literal)?;)*) => {
        $(
            #[doc = concat!("`", $service, "` `", $name, "`")]
            pub const $constant: Operation = Operation {
                service: $service,
                name: $name,
                permission: operations!(@permission $service $name $($permission)?),
            };
        )*

        /// Every operation that golive may send.
        pub const ALL: &[Operation] = &[$($constant),*];

        #[cfg(test)]
        const NAMES: &[&str] = &[$($name),*];
    };
    (@permission $service:literal $name:literal) => { concat!($service, ":", $name) };
    (@permission $service:literal $name:literal $permission:literal) => { $permission };
}

/// The operations by name.
pub mod operations {
    use super::Operation;

    operations! {
        LIST_ANALYZERS = "access-analyzer" "ListAnalyzers";
        GET_ALTERNATE_CONTACT = "account" "GetAlternateContact";
        LIST_CERTIFICATES = "acm" "ListCertificates";
        DESCRIBE_BUDGETS = "budgets" "DescribeBudgets" as "budgets:ViewBudget";
        DESCRIBE_NOTIFICATIONS_FOR_BUDGET = "budgets" "DescribeNotificationsForBudget" as "budgets:ViewBudget";
        DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION = "budgets" "DescribeSubscribersForNotification" as "budgets:ViewBudget";
        LIST_DISTRIBUTIONS = "cloudfront" "ListDistributions";
        DESCRIBE_TRAILS = "cloudtrail" "DescribeTrails";
        GET_EVENT_SELECTORS = "cloudtrail" "GetEventSelectors";
        GET_TRAIL_STATUS = "cloudtrail" "GetTrailStatus";
        DESCRIBE_ALARMS = "cloudwatch" "DescribeAlarms";
        DESCRIBE_CONFIGURATION_RECORDERS = "config" "DescribeConfigurationRecorders";
        DESCRIBE_CONFIGURATION_RECORDER_STATUS = "config" "DescribeConfigurationRecorderStatus";
        DESCRIBE_ADDRESSES = "ec2" "DescribeAddresses";
        DESCRIBE_CLIENT_VPN_ENDPOINTS = "ec2" "DescribeClientVpnEndpoints";
        DESCRIBE_FLOW_LOGS = "ec2" "DescribeFlowLogs";
        DESCRIBE_INSTANCES = "ec2" "DescribeInstances";
        DESCRIBE_MANAGED_PREFIX_LISTS = "ec2" "DescribeManagedPrefixLists";
        DESCRIBE_NETWORK_ACLS = "ec2" "DescribeNetworkAcls";
        DESCRIBE_NETWORK_INTERFACES = "ec2" "DescribeNetworkInterfaces";
        DESCRIBE_REGIONS = "ec2" "DescribeRegions";
        DESCRIBE_ROUTE_TABLES = "ec2" "DescribeRouteTables";
        DESCRIBE_SECURITY_GROUPS = "ec2" "DescribeSecurityGroups";
        DESCRIBE_SNAPSHOT_ATTRIBUTE = "ec2" "DescribeSnapshotAttribute";
        DESCRIBE_SNAPSHOTS = "ec2" "DescribeSnapshots";
        DESCRIBE_SUBNETS = "ec2" "DescribeSubnets";
        DESCRIBE_VOLUMES = "ec2" "DescribeVolumes";
        DESCRIBE_VPC_PEERING_CONNECTIONS = "ec2" "DescribeVpcPeeringConnections";
        DESCRIBE_VPCS = "ec2" "DescribeVpcs";
        DESCRIBE_VPN_CONNECTIONS = "ec2" "DescribeVpnConnections";
        GET_EBS_ENCRYPTION_BY_DEFAULT = "ec2" "GetEbsEncryptionByDefault";
        GET_MANAGED_PREFIX_LIST_ENTRIES = "ec2" "GetManagedPrefixListEntries";
        DESCRIBE_SERVICES = "ecs" "DescribeServices";
        DESCRIBE_TASK_DEFINITION = "ecs" "DescribeTaskDefinition";
        LIST_CLUSTERS = "ecs" "ListClusters";
        LIST_SERVICES = "ecs" "ListServices";
        DESCRIBE_CACHE_CLUSTERS = "elasticache" "DescribeCacheClusters";
        DESCRIBE_CACHE_SUBNET_GROUPS = "elasticache" "DescribeCacheSubnetGroups";
        DESCRIBE_REPLICATION_GROUPS = "elasticache" "DescribeReplicationGroups";
        DESCRIBE_FILE_SYSTEMS = "elasticfilesystem" "DescribeFileSystems";
        DESCRIBE_CLASSIC_LOAD_BALANCERS = "elasticloadbalancing" "DescribeLoadBalancers";
        DESCRIBE_LOAD_BALANCER_POLICIES = "elasticloadbalancing" "DescribeLoadBalancerPolicies";
        DESCRIBE_LISTENERS = "elasticloadbalancingv2" "DescribeListeners" as "elasticloadbalancing:DescribeListeners";
        DESCRIBE_RULES = "elasticloadbalancingv2" "DescribeRules" as "elasticloadbalancing:DescribeRules";
        DESCRIBE_SSL_POLICIES = "elasticloadbalancingv2" "DescribeSSLPolicies" as "elasticloadbalancing:DescribeSSLPolicies";
        DESCRIBE_LOAD_BALANCERS = "elasticloadbalancingv2" "DescribeLoadBalancers" as "elasticloadbalancing:DescribeLoadBalancers";
        DESCRIBE_DOMAINS = "es" "DescribeDomains";
        LIST_DOMAIN_NAMES = "es" "ListDomainNames";
        GET_DETECTOR = "guardduty" "GetDetector";
        LIST_DETECTORS = "guardduty" "ListDetectors";
        GENERATE_CREDENTIAL_REPORT = "iam" "GenerateCredentialReport";
        GET_ACCOUNT_AUTHORIZATION_DETAILS = "iam" "GetAccountAuthorizationDetails";
        GET_ACCOUNT_PASSWORD_POLICY = "iam" "GetAccountPasswordPolicy";
        GET_ACCOUNT_SUMMARY = "iam" "GetAccountSummary";
        GET_CREDENTIAL_REPORT = "iam" "GetCredentialReport";
        LIST_INSTANCE_PROFILES = "iam" "ListInstanceProfiles";
        BATCH_GET_ACCOUNT_STATUS = "inspector2" "BatchGetAccountStatus";
        DESCRIBE_KEY = "kms" "DescribeKey";
        GET_KEY_ROTATION_STATUS = "kms" "GetKeyRotationStatus";
        LIST_KEYS = "kms" "ListKeys";
        LIST_FUNCTIONS = "lambda" "ListFunctions";
        LIST_ACCOUNTS = "organizations" "ListAccounts";
        DESCRIBE_DB_CLUSTER_PARAMETERS = "rds" "DescribeDBClusterParameters";
        DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES = "rds" "DescribeDBClusterSnapshotAttributes";
        DESCRIBE_DB_CLUSTER_SNAPSHOTS = "rds" "DescribeDBClusterSnapshots";
        DESCRIBE_DB_CLUSTERS = "rds" "DescribeDBClusters";
        DESCRIBE_DB_INSTANCES = "rds" "DescribeDBInstances";
        DESCRIBE_DB_SNAPSHOT_ATTRIBUTES = "rds" "DescribeDBSnapshotAttributes";
        DESCRIBE_DB_SNAPSHOTS = "rds" "DescribeDBSnapshots";
        DESCRIBE_DB_PARAMETERS = "rds" "DescribeDBParameters";
        DESCRIBE_CLUSTER_SUBNET_GROUPS = "redshift" "DescribeClusterSubnetGroups";
        DESCRIBE_CLUSTERS = "redshift" "DescribeClusters";
        LIST_HOSTED_ZONES = "route53" "ListHostedZones";
        LIST_RESOURCE_RECORD_SETS = "route53" "ListResourceRecordSets";
        LIST_DOMAINS = "route53domains" "ListDomains";
        GET_BUCKET_ACL = "s3" "GetBucketAcl";
        GET_BUCKET_ENCRYPTION = "s3" "GetBucketEncryption" as "s3:GetEncryptionConfiguration";
        GET_BUCKET_LIFECYCLE_CONFIGURATION = "s3" "GetBucketLifecycleConfiguration" as "s3:GetLifecycleConfiguration";
        GET_BUCKET_LOCATION = "s3" "GetBucketLocation";
        GET_BUCKET_POLICY = "s3" "GetBucketPolicy";
        GET_BUCKET_PUBLIC_ACCESS_BLOCK = "s3" "GetPublicAccessBlock" as "s3:GetBucketPublicAccessBlock";
        GET_BUCKET_VERSIONING = "s3" "GetBucketVersioning";
        LIST_BUCKETS = "s3" "ListBuckets" as "s3:ListAllMyBuckets";
        GET_ACCOUNT_PUBLIC_ACCESS_BLOCK = "s3control" "GetPublicAccessBlock" as "s3:GetAccountPublicAccessBlock";
        LIST_SECRETS = "secretsmanager" "ListSecrets";
        DESCRIBE_HUB = "securityhub" "DescribeHub";
        LIST_SUBSCRIPTIONS_BY_TOPIC = "sns" "ListSubscriptionsByTopic";
        GET_WEB_ACL_FOR_RESOURCE = "wafv2" "GetWebACLForResource";
        DESCRIBE_INSTANCE_INFORMATION = "ssm" "DescribeInstanceInformation";
        DESCRIBE_INSTANCE_PATCH_STATES = "ssm" "DescribeInstancePatchStates";
        DESCRIBE_PARAMETERS = "ssm" "DescribeParameters";
        GET_RESOURCES = "tagging" "GetResources" as "tag:GetResources";
        GET_CALLER_IDENTITY = "sts" "GetCallerIdentity";
    }

    #[test]
    fn every_operation_only_reads() {
        for name in NAMES {
            let reads = ["Describe", "Get", "List", "Lookup", "BatchGet"].iter().any(|verb| name.starts_with(verb));
            assert!(reads || *name == "GenerateCredentialReport", "{name} does not only read");
        }
    }
}
