//! A large account that answers as fast as a machine can: generated, paged and limited as AWS's are, for
//! measuring. What golive's rules would say of it does not matter; every answer is of the real form and size.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use aws_smithy_types::base64;
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::answers;
use super::http::{Request, Response};
use super::proxy::lock;
use super::request::{Asked, Protocol};

const ACCOUNT: &str = super::wires::ACCOUNT;
const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:123456789012:trail/all";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:billing";

/// The items whose operations the account knows: those that ask each list, its pages and details.
pub const ITEMS: &str = "networking/set-up-vpcs,security/create-a-password-policy-and-enforce-mfa,\
                         security/record-audit-logs,data-storage/deploy-relational-databases,\
                         data-storage/configure-backup,cost-optimization/clean-up-old-data-with-s3-lifecycle,\
                         cost-optimization/create-billing-alarms";

/// The rules of `security/configure-encryption-at-rest` that it knows as well.
pub const RULES: &str = "ebs-volume-encrypted,ebs-encryption-by-default,snapshot-not-public,rds-encrypted,s3-encrypted";

/// Thirty regions, the busiest first.
pub const REGIONS: [&str; 30] = [
    "us-east-1",
    "eu-west-1",
    "us-west-2",
    "eu-central-1",
    "us-east-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-east-1",
    "ca-central-1",
    "ca-west-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-west-1",
];

/// How much the account holds, in all regions together.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub regions: usize,
    pub buckets: usize,
    pub volumes: usize,
    pub snapshots: usize,
    pub security_groups: usize,
    pub databases: usize,
    pub users: usize,
}

impl Size {
    /// How many of `total` are in a region: half of them in the first, half of the rest in the next, as in real
    /// accounts, where most is in few regions.
    fn part(self, total: usize, region: usize) -> usize {
        let above = total >> region;
        if region + 1 == self.regions { above } else { above - (above >> 1) }
    }
}

/// A limit that AWS has for each account and region: so many at once, so many a second.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    pub burst: f64,
    pub per_second: f64,
}

/// The limits that AWS documents for what golive asks, by service.
pub const DOCUMENTED: [(&str, Bucket); 3] = [
    // "Request throttling for the Amazon EC2 API": non-mutating actions that are paged or filtered.
    ("ec2", Bucket { burst: 100.0, per_second: 20.0 }),
    // "Quotas in AWS CloudTrail": 10 a second.
    ("cloudtrail", Bucket { burst: 10.0, per_second: 10.0 }),
    // "CloudWatch service quotas": DescribeAlarms, 9 a second.
    ("cloudwatch", Bucket { burst: 9.0, per_second: 9.0 }),
];

/// How the account answers.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// Each answer comes later by so much.
    pub delay: Duration,
    /// Limits by service, each for every region by itself.
    pub limits: HashMap<&'static str, Bucket>,
}

impl Manner {
    pub fn after(delay: Duration) -> Self {
        Self { delay, limits: HashMap::from(DOCUMENTED) }
    }

    pub fn limit(mut self, service: &'static str, bucket: Bucket) -> Self {
        self.limits.insert(service, bucket);
        self
    }
}

/// A request that was answered, throttled ones not among them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Answered {
    pub service: String,
    pub region: String,
    pub operation: String,
    pub parameters: String,
}

/// What was asked.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub answered: Vec<Answered>,
    pub throttled: usize,
    /// The most requests of one service and region that were under way at a time.
    pub most_under_way: usize,
    pub first: Option<Instant>,
    pub last: Option<Instant>,
}

/// The account, at an address of its own until it is dropped.
#[derive(Debug)]
pub struct Load {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    size: Size,
    manner: Manner,
    tokens: Mutex<HashMap<(String, String), (f64, Instant)>>,
    under_way: Mutex<HashMap<(String, String), usize>>,
    log: Mutex<Log>,
    stopped: AtomicBool,
}

impl Load {
    pub fn start(size: Size, manner: Manner) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let shared = Arc::new(Shared {
            size,
            manner,
            tokens: Mutex::default(),
            under_way: Mutex::default(),
            log: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for stream in listener.incoming().flatten() {
                    if shared.stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    let shared = Arc::clone(&shared);
                    thread::Builder::new()
                        .stack_size(256 * 1024)
                        .spawn(move || shared.serve(stream))
                        .expect("a thread for each connection");
                }
            }
        });
        Self { address, shared }
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked since the start.
    pub fn log(&self) -> Log {
        lock(&self.shared.log).clone()
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // Wakes the listener, which waits for a connection.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let mut reader = BufReader::new(stream);
        while let Some(request) = Request::read(&mut reader).ok()? {
            let bytes = self.answer(&request).to_bytes(&request.method);
            reader.get_mut().write_all(&bytes).ok()?;
        }
        Some(())
    }

    fn answer(&self, request: &Request) -> Response {
        let arrived = Instant::now();
        let asked = Asked::of(request);
        let granted = self.grants(&asked, arrived);
        let place = (asked.service.clone(), asked.region.clone());
        let under_way = {
            let mut under_way = lock(&self.under_way);
            let number = under_way.entry(place.clone()).or_default();
            *number += 1;
            *number
        };
        {
            let mut log = lock(&self.log);
            log.first.get_or_insert(arrived);
            log.most_under_way = log.most_under_way.max(under_way);
            if granted {
                let Asked { service, region, operation, parameters, .. } = asked.clone();
                log.answered.push(Answered { service, region, operation, parameters });
            } else {
                log.throttled += 1;
            }
        }
        let response = if granted { self.respond(&asked, request) } else { answers::throttled(&asked) };
        thread::sleep(self.manner.delay.saturating_sub(arrived.elapsed()));
        lock(&self.log).last = Some(Instant::now());
        lock(&self.under_way).entry(place).and_modify(|number| *number -= 1);
        response
    }

    /// Takes a token, if its service has a limit.
    fn grants(&self, asked: &Asked, now: Instant) -> bool {
        let Some(bucket) = self.manner.limits.get(asked.service.as_str()) else { return true };
        let mut tokens = lock(&self.tokens);
        let (left, filled_at) =
            tokens.entry((asked.service.clone(), asked.region.clone())).or_insert((bucket.burst, now));
        *left = (*left + (now - *filled_at).as_secs_f64() * bucket.per_second).min(bucket.burst);
        *filled_at = now;
        let granted = *left >= 1.0;
        if granted {
            *left -= 1.0;
        }
        granted
    }

    fn respond(&self, asked: &Asked, request: &Request) -> Response {
        let response = match asked.protocol {
            Protocol::Ec2Query => self.ec2(asked),
            Protocol::Query => self.query(asked),
            Protocol::RestXml => self.s3(asked, request),
            Protocol::Json => json_answer(asked),
            Protocol::RestJson => None,
            Protocol::Cbor => cbor_answer(asked),
        };
        response.unwrap_or_else(|| answers::error(asked, 400, "InvalidAction", "the load account does not know it"))
    }

    fn region(&self, asked: &Asked) -> usize {
        REGIONS.iter().position(|region| *region == asked.region).unwrap_or(0)
    }

    fn ec2(&self, asked: &Asked) -> Option<Response> {
        let region = self.region(asked);
        let here = |total| self.size.part(total, region);
        let page = Page::of(asked, "MaxResults", "NextToken");
        let (set, items, total): (&str, fn(&mut String, usize), usize) = match asked.operation.as_str() {
            "DescribeRegions" => {
                let mut text = String::new();
                for (place, name) in REGIONS.iter().enumerate() {
                    let status = if place < self.size.regions { "opt-in-not-required" } else { "not-opted-in" };
                    add(
                        &mut text,
                        format_args!("<item><regionName>{name}</regionName><optInStatus>{status}</optInStatus></item>"),
                    );
                }
                return Some(ec2_answer(asked, &format!("<regionInfo>{text}</regionInfo>")));
            }
            "GetEbsEncryptionByDefault" => {
                return Some(ec2_answer(asked, "<ebsEncryptionByDefault>true</ebsEncryptionByDefault>"));
            }
            "DescribeVpcs" => ("vpcSet", vpc, 3),
            "DescribeSubnets" => ("subnetSet", subnet, 9),
            "DescribeNetworkInterfaces" => ("networkInterfaceSet", network_interface, here(self.size.volumes) / 4),
            "DescribeVpcPeeringConnections" => ("vpcPeeringConnectionSet", nothing, 0),
            "DescribeFlowLogs" => ("flowLogSet", flow_log, 3),
            "DescribeVolumes" => ("volumeSet", volume, here(self.size.volumes)),
            "DescribeSnapshots" if asked.parameters.contains("RestorableBy") => ("snapshotSet", nothing, 0),
            "DescribeSnapshots" => ("snapshotSet", snapshot, here(self.size.snapshots)),
            "DescribeSecurityGroups" => ("securityGroupInfo", security_group, here(self.size.security_groups)),
            _ => return None,
        };
        let (text, next) = page.list(total, items);
        let next = next.map(|next| format!("<nextToken>{next}</nextToken>")).unwrap_or_default();
        Some(ec2_answer(asked, &format!("<{set}>{text}</{set}>{next}")))
    }

    fn query(&self, asked: &Asked) -> Option<Response> {
        let region = self.region(asked);
        let marked = |set: &str, items: fn(&mut String, usize), total| {
            let (text, next) = Page::of(asked, "MaxRecords", "Marker").list(total, items);
            let next = next.map(|next| format!("<Marker>{next}</Marker>")).unwrap_or_default();
            format!("<{set}>{text}</{set}>{next}")
        };
        let result = match asked.operation.as_str() {
            "GetCallerIdentity" => {
                format!("<Arn>arn:aws:iam::{ACCOUNT}:user/load</Arn><UserId>AIDA</UserId><Account>{ACCOUNT}</Account>")
            }
            "GetAccountPasswordPolicy" => {
                "<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength><RequireSymbols>true</RequireSymbols>\
                 <RequireNumbers>true</RequireNumbers><RequireUppercaseCharacters>true</RequireUppercaseCharacters>\
                 <RequireLowercaseCharacters>true</RequireLowercaseCharacters>\
                 <AllowUsersToChangePassword>true</AllowUsersToChangePassword><ExpirePasswords>false</ExpirePasswords>\
                 <PasswordReusePrevention>24</PasswordReusePrevention></PasswordPolicy>"
                    .to_owned()
            }
            "GetAccountSummary" => {
                let entry = |key: &str, value: u8| format!("<entry><key>{key}</key><value>{value}</value></entry>");
                let entries = entry("AccountMFAEnabled", 1) + &entry("AccountPasswordPresent", 1);
                format!("<SummaryMap>{entries}{}</SummaryMap>", entry("AccountAccessKeysPresent", 0))
            }
            "GenerateCredentialReport" => "<State>COMPLETE</State>".to_owned(),
            "GetCredentialReport" => {
                let content = base64::encode(credential_report(self.size.users));
                format!("<Content>{content}</Content><ReportFormat>text/csv</ReportFormat>")
            }
            "DescribeDBInstances" => marked("DBInstances", db_instance, self.size.part(self.size.databases, region)),
            "DescribeDBClusters" => marked("DBClusters", nothing, 0),
            "ListSubscriptionsByTopic" => format!(
                "<Subscriptions><member><SubscriptionArn>{TOPIC}:1</SubscriptionArn><Protocol>email</Protocol>\
                 </member></Subscriptions>"
            ),
            _ => return None,
        };
        let name = &asked.operation;
        Some(xml(&format!("<{name}Response><{name}Result>{result}</{name}Result></{name}Response>")))
    }

    fn s3(&self, asked: &Asked, request: &Request) -> Option<Response> {
        let body = match asked.operation.as_str() {
            "ListBuckets" => {
                let mut text = String::new();
                let all = (0..self.size.regions).flat_map(|region| {
                    (0..self.size.part(self.size.buckets, region)).map(move |number| (region, number))
                });
                for (region, number) in all {
                    let region = REGIONS[region];
                    add(
                        &mut text,
                        format_args!(
                            "<Bucket><BucketRegion>{region}</BucketRegion><CreationDate>2024-05-01T10:00:00.000Z</CreationDate>\
                         <Name>data-{region}-{number:05}</Name></Bucket>"
                        ),
                    );
                }
                format!("<ListAllMyBucketsResult><Buckets>{text}</Buckets></ListAllMyBucketsResult>")
            }
            "GetBucketLocation" => "<LocationConstraint/>".to_owned(),
            "GetBucketEncryption" => {
                "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256\
                 </SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
                    .to_owned()
            }
            "GetBucketLifecycleConfiguration" if request.target.contains("7/?") => {
                return Some(answers::error(asked, 404, "NoSuchLifecycleConfiguration", "There is none"));
            }
            "GetBucketLifecycleConfiguration" => {
                "<LifecycleConfiguration><Rule><ID>old</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>\
                 <Expiration><Days>90</Days></Expiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>7\
                 </DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>"
                    .to_owned()
            }
            "GetBucketVersioning" => {
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>".to_owned()
            }
            "GetBucketPolicy" => return Some(answers::error(asked, 404, "NoSuchBucketPolicy", "There is none")),
            "GetBucketAcl" => format!(
                "<AccessControlPolicy><Owner><ID>{ACCOUNT}</ID></Owner><AccessControlList></AccessControlList>\
                 </AccessControlPolicy>"
            ),
            "GetPublicAccessBlock" => {
                "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true\
                 </IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true\
                 </RestrictPublicBuckets></PublicAccessBlockConfiguration>"
                    .to_owned()
            }
            _ => return None,
        };
        Some(xml(&body))
    }
}

/// A page of a list: a token is the number of the first entry.
struct Page {
    from: usize,
    size: usize,
}

impl Page {
    fn of(asked: &Asked, size: &str, token: &str) -> Self {
        let field = |name: &str| {
            let value = asked.parameters.split('&').find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| percent_decode_str(value).decode_utf8_lossy().parse().ok())
        };
        Self { from: field(token).unwrap_or(0), size: field(size).unwrap_or(100) }
    }

    fn list(&self, total: usize, item: fn(&mut String, usize)) -> (String, Option<usize>) {
        let end = (self.from + self.size).min(total);
        let mut text = String::new();
        (self.from..end).for_each(|number| item(&mut text, number));
        (text, (end < total).then_some(end))
    }
}

fn add(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a string takes everything");
}

fn nothing(_: &mut String, _: usize) {}

fn vpc(text: &mut String, number: usize) {
    let default = number == 0;
    add(
        text,
        format_args!(
            "<item><vpcId>vpc-{number:017x}</vpcId><ownerId>{ACCOUNT}</ownerId><state>available</state>\
         <cidrBlock>10.{number}.0.0/16</cidrBlock><cidrBlockAssociationSet><item><cidrBlock>10.{number}.0.0/16</cidrBlock>\
         <cidrBlockState><state>associated</state></cidrBlockState></item></cidrBlockAssociationSet>\
         <instanceTenancy>default</instanceTenancy><isDefault>{default}</isDefault></item>"
        ),
    );
}

fn subnet(text: &mut String, number: usize) {
    add(
        text,
        format_args!(
            "<item><subnetId>subnet-{number:017x}</subnetId><vpcId>vpc-{:017x}</vpcId><state>available</state>\
         <ownerId>{ACCOUNT}</ownerId><cidrBlock>10.{}.{number}.0/24</cidrBlock><availabilityZone>a</availabilityZone>\
         <mapPublicIpOnLaunch>false</mapPublicIpOnLaunch></item>",
            number / 3,
            number / 3,
        ),
    );
}

fn network_interface(text: &mut String, number: usize) {
    add(
        text,
        format_args!(
            "<item><networkInterfaceId>eni-{number:017x}</networkInterfaceId><subnetId>subnet-{0:017x}</subnetId>\
         <vpcId>vpc-{1:017x}</vpcId><availabilityZone>a</availabilityZone><description>Primary network interface</description>\
         <ownerId>{ACCOUNT}</ownerId><requesterManaged>false</requesterManaged><status>in-use</status>\
         <macAddress>02:00:00:00:00:01</macAddress><privateIpAddress>10.1.2.3</privateIpAddress>\
         <sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>sg-{number:017x}</groupId>\
         <groupName>app-{number}</groupName></item></groupSet><attachment><attachmentId>eni-attach-{number:017x}</attachmentId>\
         <instanceId>i-{number:017x}</instanceId><deviceIndex>0</deviceIndex><status>attached</status></attachment>\
         <tagSet/><privateIpAddressesSet/><ipv6AddressesSet/><interfaceType>interface</interfaceType></item>",
            number % 9,
            number % 9 / 3,
        ),
    );
}

fn flow_log(text: &mut String, number: usize) {
    add(
        text,
        format_args!(
            "<item><flowLogId>fl-{number:017x}</flowLogId><flowLogStatus>ACTIVE</flowLogStatus>\
         <resourceId>vpc-{number:017x}</resourceId><trafficType>ALL</trafficType>\
         <deliverLogsStatus>SUCCESS</deliverLogsStatus></item>"
        ),
    );
}

fn volume(text: &mut String, number: usize) {
    let encrypted = !number.is_multiple_of(100);
    add(
        text,
        format_args!(
            "<item><volumeId>vol-{number:017x}</volumeId><size>100</size><snapshotId>snap-{number:017x}</snapshotId>\
         <availabilityZone>us-east-1a</availabilityZone><status>in-use</status>\
         <createTime>2026-01-01T00:00:00.000Z</createTime><attachmentSet><item><volumeId>vol-{number:017x}</volumeId>\
         <instanceId>i-{number:017x}</instanceId><device>/dev/xvda</device><status>attached</status>\
         <attachTime>2026-01-01T00:00:00.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></item>\
         </attachmentSet><tagSet><item><key>Name</key><value>app-{number}</value></item><item><key>team</key>\
         <value>payments</value></item></tagSet><volumeType>gp3</volumeType><iops>3000</iops><encrypted>{encrypted}</encrypted>\
         <multiAttachEnabled>false</multiAttachEnabled><throughput>125</throughput></item>"
        ),
    );
}

fn snapshot(text: &mut String, number: usize) {
    add(
        text,
        format_args!(
            "<item><snapshotId>snap-{number:017x}</snapshotId><volumeId>vol-{number:017x}</volumeId><status>completed</status>\
         <startTime>2026-11-01T00:00:00.000Z</startTime><progress>100%</progress><ownerId>{ACCOUNT}</ownerId>\
         <volumeSize>100</volumeSize><description>nightly of vol-{number:017x}</description><tagSet><item><key>Name</key>\
         <value>nightly-{number}</value></item></tagSet><encrypted>true</encrypted><storageTier>standard</storageTier></item>"
        ),
    );
}

fn security_group(text: &mut String, number: usize) {
    add(
        text,
        format_args!(
            "<item><ownerId>{ACCOUNT}</ownerId><groupId>sg-{number:017x}</groupId><groupName>app-{number}</groupName>\
         <groupDescription>of app {number}</groupDescription><vpcId>vpc-{:017x}</vpcId><ipPermissions><item>\
         <ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><groups/><ipRanges><item>\
         <cidrIp>10.0.0.0/8</cidrIp></item></ipRanges><ipv6Ranges/><prefixListIds/></item></ipPermissions>\
         <ipPermissionsEgress><item><ipProtocol>-1</ipProtocol><groups/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item>\
         </ipRanges><ipv6Ranges/><prefixListIds/></item></ipPermissionsEgress></item>",
            number % 3,
        ),
    );
}

fn db_instance(text: &mut String, number: usize) {
    add(
        text,
        format_args!(
            "<DBInstance><DBInstanceIdentifier>db-{number}</DBInstanceIdentifier><DBInstanceClass>db.m7g.large</DBInstanceClass>\
         <Engine>postgres</Engine><EngineVersion>17.4</EngineVersion><DBInstanceStatus>available</DBInstanceStatus>\
         <AllocatedStorage>100</AllocatedStorage><BackupRetentionPeriod>14</BackupRetentionPeriod>\
         <AvailabilityZone>us-east-1a</AvailabilityZone><MultiAZ>true</MultiAZ>\
         <AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade><PubliclyAccessible>false</PubliclyAccessible>\
         <StorageEncrypted>true</StorageEncrypted><DeletionProtection>true</DeletionProtection></DBInstance>"
        ),
    );
}

fn credential_report(users: usize) -> String {
    let row = |user: &str, password: &str| {
        format!(
            "{user},arn:aws:iam::{ACCOUNT}:user/{user},2024-01-01T00:00:00+00:00,{password},2026-11-01T00:00:00+00:00,\
             2026-06-01T00:00:00+00:00,N/A,true,true,2026-10-01T00:00:00+00:00,2026-11-20T00:00:00+00:00,us-east-1,s3,\
             false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n"
        )
    };
    let head = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
                password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,\
                access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,\
                access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,\
                access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n";
    let users = (0..users).map(|number| row(&format!("user-{number}"), "true"));
    users.fold(head.to_owned() + &row("<root_account>", "not_supported"), |text, user| text + &user)
}

fn json_answer(asked: &Asked) -> Option<Response> {
    let body = match asked.operation.as_str() {
        "DescribeTrails" => json!({ "trailList": [{
            "Name": "all", "TrailARN": TRAIL, "HomeRegion": "us-east-1", "IsMultiRegionTrail": true,
            "IncludeGlobalServiceEvents": true, "LogFileValidationEnabled": true, "S3BucketName": "data-us-east-1-00000",
        }] }),
        "GetTrailStatus" => json!({ "IsLogging": true }),
        "GetEventSelectors" => {
            json!({ "EventSelectors": [{ "ReadWriteType": "All", "IncludeManagementEvents": true }] })
        }
        "DescribeBudgets" => json!({ "Budgets": [{
            "BudgetName": "all", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": { "Amount": "100", "Unit": "USD" },
        }] }),
        "DescribeNotificationsForBudget" => {
            let notification = |threshold: u8| json!({ "NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": threshold });
            json!({ "Notifications": [notification(50), notification(80), notification(100)] })
        }
        "DescribeSubscribersForNotification" => {
            json!({ "Subscribers": [{ "SubscriptionType": "EMAIL", "Address": "ops@example.com" }] })
        }
        _ => return None,
    };
    Some(Response::new(200, "application/x-amz-json-1.1", body.to_string()))
}

fn cbor_answer(asked: &Asked) -> Option<Response> {
    let body = match asked.operation.as_str() {
        "DescribeAlarms" => json!({ "CompositeAlarms": [], "MetricAlarms": [{
            "AlarmName": "costs", "Namespace": "AWS/Billing", "MetricName": "EstimatedCharges", "Threshold": 100,
            "ComparisonOperator": "GreaterThanThreshold", "ActionsEnabled": true, "AlarmActions": [TOPIC],
            "Dimensions": [{ "Name": "Currency", "Value": "USD" }],
        }] }),
        _ => return None,
    };
    let mut response = Response::new(200, "application/cbor", answers::cbor(&body));
    response.headers.push("smithy-protocol", "rpc-v2-cbor");
    Some(response)
}

fn ec2_answer(asked: &Asked, body: &str) -> Response {
    let name = &asked.operation;
    xml(&format!("<{name}Response><requestId>00000000</requestId>{body}</{name}Response>"))
}

fn xml(body: &str) -> Response {
    Response::new(200, "text/xml", format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"))
}
