"""Seeds an account in three regions and writes what golive must say of each resource.

Each resource is made next to the verdicts that it is made for, so that the expectation comes from whoever made the
account and not from the program. Written to the file that GOLIVE_EXPECTED names, as a list of
[rule, resource, region, status]. GOLIVE_SEEDS names the parts to make, all when it is not set.
GOLIVE_DEFAULT_ENCRYPTION says what s3-encrypted makes of a bucket that nobody set: moto leaves it plain, AWS does not.
"""

import base64
import datetime
import json
import os

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

ACCOUNT = "123456789012"
MAIN, SECOND, BILLING = "eu-west-1", "ap-southeast-2", "us-east-1"
REGIONS = (MAIN, SECOND, BILLING)
PASS, FAIL = "pass", "fail"
UNSET = os.environ.get("GOLIVE_DEFAULT_ENCRYPTION", FAIL)

expected = []


def expect(rule, resource, region, status):
    expected.append([rule, resource, region, status])


def client(service, region=BILLING):
    return boto3.client(service, region_name=region)


def networks():
    """A used, an unused and a deleted default VPC; overlapping, peered and watched VPCs."""
    for region in REGIONS:
        ec2 = client("ec2", region)
        default = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
        subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [default]}])["Subnets"]
        if region == SECOND:
            for subnet in subnets:
                ec2.delete_subnet(SubnetId=subnet["SubnetId"])
            ec2.delete_vpc(VpcId=default)
            expect("default-vpc-removed", region, region, PASS)
            continue
        expect("default-vpc-removed", default, region, FAIL)
        expect("vpc-cidr-overlap", default, region, PASS)
        expect("vpc-flow-logs", default, region, FAIL)
        if region == MAIN:
            ec2.create_network_interface(SubnetId=subnets[0]["SubnetId"])
            expect("default-vpc-unused", default, region, FAIL)
            # moto gives its default VPC no internet gateway.
            expect("subnet-tiers", default, region, FAIL)
            expect("private-subnet-own-nacl", subnets[0]["SubnetId"], region, FAIL)
            own = [{"Name": "vpc-id", "Values": [default]}]
            expect("nacl-no-open-admin-port", ec2.describe_network_acls(Filters=own)["NetworkAcls"][0]["NetworkAclId"], region, FAIL)
            for subnet in subnets:
                expect("subnet-no-auto-public-ip", subnet["SubnetId"], region, FAIL)
        else:
            expect("default-vpc-unused", default, region, PASS)

    main, second = client("ec2", MAIN), client("ec2", SECOND)

    def vpc(ec2, region, block, overlap, watched):
        made = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
        expect("vpc-cidr-overlap", made, region, overlap)
        expect("vpc-flow-logs", made, region, watched)
        return made

    apps = vpc(main, MAIN, "10.0.0.0/16", FAIL, PASS)
    client("s3", BILLING).create_bucket(Bucket="flow-log-store")
    bucket_expectations("flow-log-store", BILLING, FAIL, FAIL, FAIL, UNSET)
    flow_log(main, "VPC", apps, "ALL")
    peers = vpc(second, SECOND, "10.0.64.0/18", FAIL, FAIL)
    peering = main.create_vpc_peering_connection(VpcId=apps, PeerVpcId=peers, PeerRegion=SECOND)
    second.accept_vpc_peering_connection(
        VpcPeeringConnectionId=peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    )
    half = vpc(second, SECOND, "10.200.0.0/16", PASS, FAIL)
    flow_log(second, "VPC", half, "ACCEPT")
    by_subnet = vpc(second, SECOND, "10.201.0.0/16", PASS, PASS)
    for number in range(2):
        subnet = second.create_subnet(VpcId=by_subnet, CidrBlock=f"10.201.{number}.0/24")["Subnet"]["SubnetId"]
        flow_log(second, "Subnet", subnet, "REJECT")
        second.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": False})
        expect("subnet-no-auto-public-ip", subnet, SECOND, PASS)


def flow_log(ec2, kind, resource, traffic):
    made = ec2.create_flow_logs(
        ResourceType=kind, ResourceIds=[resource], TrafficType=traffic, LogDestinationType="s3",
        LogDestination="arn:aws:s3:::flow-log-store",
    )
    assert not made["Unsuccessful"], made


def disks():
    for region in REGIONS:
        ec2 = client("ec2", region)
        if region == MAIN:
            ec2.enable_ebs_encryption_by_default()
        expect("ebs-encryption-by-default", region, region, PASS if region == MAIN else FAIL)
        for encrypted in (True, False):
            # In the region with the default on, a volume cannot be made plain.
            if region == MAIN and not encrypted:
                continue
            volume = ec2.create_volume(AvailabilityZone=f"{region}a", Size=8, Encrypted=encrypted)["VolumeId"]
            expect("ebs-volume-encrypted", volume, region, PASS if encrypted else FAIL)
            snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
            public = region == BILLING and not encrypted
            if public:
                ec2.modify_snapshot_attribute(
                    SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add", GroupNames=["all"]
                )
            else:
                ec2.modify_snapshot_attribute(
                    SnapshotId=snapshot, Attribute="createVolumePermission", OperationType="add",
                    UserIds=["999999999999"],
                )
            expect("snapshot-not-public", snapshot, region, FAIL if public else PASS)


def databases():
    rds = client("rds", MAIN)
    common = {"DBInstanceClass": "db.t3.medium", "MasterUsername": "root", "MasterUserPassword": "not-a-secret-1"}
    for name, value in (("tls", "1"), ("plain", "0")):
        setting = {"ParameterName": "rds.force_ssl", "ParameterValue": value, "ApplyMethod": "immediate"}
        rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="postgres16", Description=name)
        rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=[setting])
        rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName=name, DBParameterGroupFamily="aurora-postgresql16", Description=name
        )
        rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName=name, Parameters=[setting])

    def instance(name, engine="postgres", zone="a", **settings):
        zone = {} if settings.get("MultiAZ") else {"AvailabilityZone": f"{MAIN}{zone}"}
        rds.create_db_instance(DBInstanceIdentifier=name, Engine=engine, AllocatedStorage=20, **zone, **common, **settings)

    instance(
        "good", MultiAZ=True, StorageEncrypted=True, DeletionProtection=True, AutoMinorVersionUpgrade=True,
        PubliclyAccessible=False, BackupRetentionPeriod=14, DBParameterGroupName="tls",
    )
    instance(
        "bad", MultiAZ=False, StorageEncrypted=False, DeletionProtection=False, AutoMinorVersionUpgrade=False,
        PubliclyAccessible=True, BackupRetentionPeriod=1, DBParameterGroupName="plain",
    )
    for rule in RDS_RULES:
        expect(rule, "good", MAIN, PASS)
        expect(rule, "bad", MAIN, FAIL)

    for name, zones, good in (("aurora-good", "ab", True), ("aurora-bad", "aa", False)):
        rds.create_db_cluster(
            DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="root",
            MasterUserPassword="not-a-secret-1", StorageEncrypted=good, DeletionProtection=good,
            BackupRetentionPeriod=7 if good else 3, DBClusterParameterGroupName="tls" if good else "plain",
        )
        for number, zone in enumerate(zones):
            member = f"{name}-{number}"
            rds.create_db_instance(
                DBInstanceIdentifier=member, DBClusterIdentifier=name, Engine="aurora-postgresql",
                DBInstanceClass="db.r6g.large", AvailabilityZone=f"{MAIN}{zone}", AutoMinorVersionUpgrade=good,
                PubliclyAccessible=not good,
            )
            for rule in ("rds-auto-minor-upgrade", "rds-not-public"):
                expect(rule, member, MAIN, PASS if good else FAIL)
        for rule in (
            "rds-multi-az", "rds-deletion-protection", "rds-encrypted", "rds-backup-retention", "rds-requires-tls",
        ):
            expect(rule, name, MAIN, PASS if good else FAIL)


def gifts():
    """Snapshots of databases that everyone may restore, which MiniStack does not tell."""
    rds = client("rds", MAIN)
    for name, public in (("kept", False), ("given-away", True)):
        rds.create_db_snapshot(DBInstanceIdentifier="good", DBSnapshotIdentifier=name)
        rds.create_db_cluster_snapshot(
            DBClusterIdentifier="aurora-good", DBClusterSnapshotIdentifier=f"aurora-{name}"
        )
        if public:
            rds.modify_db_snapshot_attribute(DBSnapshotIdentifier=name, AttributeName="restore", ValuesToAdd=["all"])
            rds.modify_db_cluster_snapshot_attribute(
                DBClusterSnapshotIdentifier=f"aurora-{name}", AttributeName="restore", ValuesToAdd=["all"]
            )
        for snapshot in (name, f"aurora-{name}"):
            expect("rds-snapshot-not-public", snapshot, MAIN, FAIL if public else PASS)


RDS_RULES = (
    "rds-multi-az", "rds-deletion-protection", "rds-auto-minor-upgrade", "rds-not-public", "rds-encrypted",
    "rds-backup-retention", "rds-requires-tls",
)


def bucket_expectations(name, region, lifecycle, multipart, versioning, encrypted):
    expect("s3-lifecycle", name, region, lifecycle)
    expect("s3-aborts-multipart", name, region, multipart)
    expect("s3-versioning", name, region, versioning)
    expect("s3-encrypted", name, region, encrypted)
    expect("s3-denies-http", name, region, PASS if name == "aborting-only" else FAIL)


def bucket(name, region):
    s3 = client("s3", region)
    where = {} if region == BILLING else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **where)
    return s3


def buckets():
    def lifecycle(s3, name, *rules):
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": list(rules)})

    def rule(status="Enabled", **does):
        return {"ID": "rule", "Status": status, "Filter": {"Prefix": ""}, **does}

    abort = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}

    s3 = bucket("good-assets", MAIN)
    lifecycle(s3, "good-assets", rule(Expiration={"Days": 30}, **abort))
    s3.put_bucket_versioning(Bucket="good-assets", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket="good-assets",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
        },
    )
    bucket_expectations("good-assets", MAIN, PASS, PASS, PASS, PASS)

    s3 = bucket("moving-exports", SECOND)
    lifecycle(s3, "moving-exports", rule(Transitions=[{"Days": 30, "StorageClass": "GLACIER"}]))
    s3.put_bucket_versioning(Bucket="moving-exports", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_versioning(Bucket="moving-exports", VersioningConfiguration={"Status": "Suspended"})
    bucket_expectations("moving-exports", SECOND, PASS, FAIL, FAIL, UNSET)

    s3 = bucket("sleeping-rules", BILLING)
    lifecycle(s3, "sleeping-rules", rule("Disabled", Expiration={"Days": 30}, **abort))
    bucket_expectations("sleeping-rules", BILLING, FAIL, FAIL, FAIL, UNSET)

    s3 = bucket("aborting-only", MAIN)
    lifecycle(s3, "aborting-only", rule(**abort))
    arn = "arn:aws:s3:::aborting-only"
    denial = {
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket="aborting-only", Policy=json.dumps({"Version": "2012-10-17", "Statement": [denial]}))
    bucket_expectations("aborting-only", MAIN, FAIL, PASS, FAIL, UNSET)


def people():
    iam = client("iam")
    expect("root-no-access-keys", "root", "global", PASS)
    expect("root-not-used", "root", "global", PASS)
    iam.update_account_password_policy(
        MinimumPasswordLength=14, RequireSymbols=True, RequireNumbers=True, RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True, PasswordReusePrevention=24,
    )
    expect("password-policy", ACCOUNT, "global", PASS)
    # moto's account has no MFA of root's, and its credential report no row of root's.
    expect("root-mfa", "root", "global", FAIL)
    for name, password, mfa in (("ana", True, True), ("ben", True, False), ("ci", False, False)):
        iam.create_user(UserName=name)
        expect("user-no-direct-policies", name, "global", PASS)
        if password:
            iam.create_login_profile(UserName=name, Password="Not-a-secret-1")
            expect("user-mfa", name, "global", PASS if mfa else FAIL)
            expect("user-credentials-used", f"{name}, password", "global", PASS)
        if mfa:
            device = iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
            iam.enable_mfa_device(
                UserName=name, SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321"
            )


def trails():
    block = {key: True for key in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")}
    s3 = bucket("trail-private", MAIN)
    s3.put_public_access_block(Bucket="trail-private", PublicAccessBlockConfiguration=block)
    bucket_expectations("trail-private", MAIN, FAIL, FAIL, FAIL, UNSET)
    expect("cloudtrail-bucket-not-public", "trail-private", MAIN, PASS)
    s3 = bucket("trail-public", BILLING)
    s3.put_bucket_policy(
        Bucket="trail-public",
        Policy=json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::trail-public/*",
            }],
        }),
    )
    bucket_expectations("trail-public", BILLING, FAIL, FAIL, FAIL, UNSET)
    expect("cloudtrail-bucket-not-public", "trail-public", BILLING, FAIL)

    cloudtrail = client("cloudtrail", MAIN)
    cloudtrail.create_trail(
        Name="everything", S3BucketName="trail-private", IsMultiRegionTrail=True, EnableLogFileValidation=True,
        KmsKeyId=f"arn:aws:kms:{MAIN}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555",
    )
    cloudtrail.put_event_selectors(
        TrailName="everything", EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True}]
    )
    cloudtrail.start_logging(Name="everything")
    expect("cloudtrail-multi-region-logging", "everything", MAIN, PASS)
    expect("cloudtrail-validation", "everything", MAIN, PASS)
    expect("cloudtrail-encrypted", "everything", MAIN, PASS)

    cloudtrail = client("cloudtrail", BILLING)
    cloudtrail.create_trail(Name="regional", S3BucketName="trail-public", IsMultiRegionTrail=False)
    expect("cloudtrail-validation", "regional", BILLING, FAIL)
    expect("cloudtrail-encrypted", "regional", BILLING, FAIL)


def bills():
    sns, cloudwatch = client("sns"), client("cloudwatch")
    heard = sns.create_topic(Name="heard")["TopicArn"]
    queue = client("sqs").create_queue(QueueName="bills")
    arn = client("sqs").get_queue_attributes(QueueUrl=queue["QueueUrl"], AttributeNames=["QueueArn"])
    sns.subscribe(TopicArn=heard, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
    unheard = sns.create_topic(Name="unheard")["TopicArn"]

    def alarm(name, amount, topic, **other):
        cloudwatch.put_metric_alarm(
            AlarmName=name, Namespace="AWS/Billing", MetricName="EstimatedCharges",
            Dimensions=[{"Name": "Currency", "Value": "USD"}], Statistic="Maximum", Period=21600, EvaluationPeriods=1,
            Threshold=amount, ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic], **other,
        )

    alarm("bill-1000", 1000.0, heard)
    alarm("bill-2000", 2000.0, unheard)
    alarm("bill-3000", 3000.0, heard, ActionsEnabled=False)
    expect("billing-alarm", ACCOUNT, "global", PASS)
    client("budgets").create_budget(
        AccountId=ACCOUNT,
        Budget={
            "BudgetName": "month", "BudgetType": "COST", "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "1250", "Unit": "USD"},
        },
        NotificationsWithSubscribers=[
            {
                "Notification": {
                    "NotificationType": kind, "ComparisonOperator": "GREATER_THAN", "Threshold": percent,
                    "ThresholdType": "PERCENTAGE",
                },
                "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "bills@example.com"}],
            }
            # 80 % is the amount that the alarm announces already.
            for kind, percent in (("ACTUAL", 80.0), ("ACTUAL", 100.0), ("FORECASTED", 100.0))
        ],
    )
    expect("billing-alarm-levels", ACCOUNT, "global", FAIL)


def reach():
    """A VPC with tiers, and what may enter it from where."""
    ec2 = client("ec2", MAIN)
    vpc = ec2.create_vpc(CidrBlock="10.10.0.0/16")["Vpc"]["VpcId"]
    expect("vpc-cidr-overlap", vpc, MAIN, PASS)
    expect("vpc-flow-logs", vpc, MAIN, FAIL)
    expect("subnet-tiers", vpc, MAIN, PASS)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    public = ec2.create_subnet(VpcId=vpc, CidrBlock="10.10.0.0/24")["Subnet"]["SubnetId"]
    private = ec2.create_subnet(VpcId=vpc, CidrBlock="10.10.1.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=public)
    ec2.modify_subnet_attribute(SubnetId=public, MapPublicIpOnLaunch={"Value": True})
    expect("subnet-no-auto-public-ip", public, MAIN, FAIL)
    expect("subnet-no-auto-public-ip", private, MAIN, PASS)

    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    closed = ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]
    for rules, revoke in (
        (closed["IpPermissions"], ec2.revoke_security_group_ingress),
        (closed["IpPermissionsEgress"], ec2.revoke_security_group_egress),
    ):
        if rules:
            revoke(GroupId=closed["GroupId"], IpPermissions=rules)

    guarded = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]

    def entry(number, action, **what):
        ec2.create_network_acl_entry(
            NetworkAclId=guarded, RuleNumber=number, RuleAction=action, Egress=False, **what
        )

    entry(200, "allow", Protocol="-1", CidrBlock="0.0.0.0/0")
    entry(100, "deny", Protocol="6", PortRange={"From": 22, "To": 22}, CidrBlock="0.0.0.0/0")
    entry(110, "deny", Protocol="6", PortRange={"From": 3389, "To": 3389}, CidrBlock="0.0.0.0/0")
    expect("nacl-no-open-admin-port", guarded, MAIN, PASS)
    own = {"Name": "vpc-id", "Values": [vpc]}
    default = ec2.describe_network_acls(Filters=[own, {"Name": "default", "Values": ["true"]}])["NetworkAcls"][0]
    expect("nacl-no-open-admin-port", default["NetworkAclId"], MAIN, FAIL)
    association = next(it for it in default["Associations"] if it["SubnetId"] == private)
    ec2.replace_network_acl_association(
        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=guarded
    )
    expect("private-subnet-own-nacl", private, MAIN, PASS)

    def group(name, *permissions, admin=PASS, database=PASS, everything=PASS, used=PASS):
        made = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        if permissions:
            ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=list(permissions))
        for rule, status in (
            ("sg-no-open-admin-port", admin), ("sg-no-open-database-port", database),
            ("sg-no-open-all-ports", everything), ("sg-unused", used),
        ):
            expect(rule, made, MAIN, status)
        return made

    def tcp(first, last, *blocks):
        return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "IpRanges": [{"CidrIp": it} for it in blocks]}

    web = group("web", tcp(443, 443, "0.0.0.0/0"))
    group("database", {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": web}]}, used=FAIL)
    ssh = group("ssh", tcp(22, 22, "0.0.0.0/0"), admin=FAIL)
    office = group("office", tcp(22, 22, "203.0.113.0/24"))
    group("range", tcp(3000, 6000, "0.0.0.0/1"), admin=FAIL, database=FAIL, used=FAIL)
    ipv6 = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    group("everything", ipv6, admin=FAIL, database=FAIL, everything=FAIL, used=FAIL)
    world = ec2.create_managed_prefix_list(
        PrefixListName="world", MaxEntries=2, AddressFamily="IPv4",
        Entries=[{"Cidr": "0.0.0.0/1"}, {"Cidr": "128.0.0.0/1"}],
    )["PrefixList"]["PrefixListId"]
    listed = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "PrefixListIds": [{"PrefixListId": world}]}
    group("by-list", listed, database=FAIL, used=FAIL)

    iam = client("iam")
    trust = trust_policy({"Service": "ec2.amazonaws.com"})
    iam.create_role(RoleName="server", AssumeRolePolicyDocument=trust)
    expect("role-trust-not-public", "server", "global", PASS)
    for profile in ("server", "empty"):
        iam.create_instance_profile(InstanceProfileName=profile)
    iam.add_role_to_instance_profile(InstanceProfileName="server", RoleName="server")
    for key in ("shared", "own"):
        ec2.create_key_pair(KeyName=key)
    expect("key-pair-not-shared", "shared", MAIN, FAIL)
    expect("key-pair-not-shared", "own", MAIN, PASS)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]

    def instance(name, subnet, group, entrance, placed, key=None, tokens="required", profile="server", address=False):
        role = {"IamInstanceProfile": {"Name": profile}} if profile else {}
        made = ec2.run_instances(
            ImageId=image, MinCount=1, MaxCount=1, MetadataOptions={"HttpTokens": tokens},
            NetworkInterfaces=[{
                "DeviceIndex": 0, "SubnetId": subnet, "Groups": [group], "AssociatePublicIpAddress": address,
            }],
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
            **role, **({"KeyName": key} if key else {}),
        )["Instances"][0]["InstanceId"]
        expect("imdsv2-required", made, MAIN, PASS if tokens == "required" else FAIL)
        expect("instance-has-role", made, MAIN, PASS if profile == "server" else FAIL)
        expect("instance-in-private-subnet", made, MAIN, placed)
        expect("ssh-only-at-bastion", made, MAIN, entrance)
        expect("instance-managed-by-ssm", made, MAIN, FAIL)
        for volume in ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [made]}])["Volumes"]:
            expect("ebs-volume-encrypted", volume["VolumeId"], MAIN, PASS if volume["Encrypted"] else FAIL)

    instance("bastion", public, office, entrance=FAIL, placed=PASS, key="own", address=True)
    instance("shop", public, ssh, entrance=FAIL, placed=FAIL, key="shared", tokens="optional", profile=None, address=True)
    instance("worker", private, web, entrance=PASS, placed=PASS, key="shared", profile="empty")

    used = ec2.allocate_address(Domain="vpc")
    interface = ec2.create_network_interface(SubnetId=private, Groups=[web])["NetworkInterface"]["NetworkInterfaceId"]
    ec2.associate_address(AllocationId=used["AllocationId"], NetworkInterfaceId=interface)
    expect("eip-associated", used["PublicIp"], MAIN, PASS)
    expect("eip-associated", ec2.allocate_address(Domain="vpc")["PublicIp"], MAIN, FAIL)


def defaults():
    """What AWS makes by itself in each region: the default groups, and the default VPC that the first seed uses."""
    for region in REGIONS:
        ec2 = client("ec2", region)
        for group in ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]:
            closed = not group["IpPermissions"] and not group["IpPermissionsEgress"]
            expect("default-sg-closed", group["GroupId"], region, PASS if closed else FAIL)
            for rule in ("sg-no-open-admin-port", "sg-no-open-database-port", "sg-no-open-all-ports"):
                expect(rule, group["GroupId"], region, PASS)
        # moto makes a key for EBS by itself, as a customer's.
        kms = client("kms", region)
        judged = {resource for rule, resource, *_ in expected if rule == "kms-key-rotation"}
        for key in kms.list_keys()["Keys"]:
            about = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            rotatable = about["Enabled"] and about["KeySpec"] == "SYMMETRIC_DEFAULT" and about["KeyManager"] == "CUSTOMER"
            if rotatable and key["KeyId"] not in judged:
                expect("kms-key-rotation", key["KeyId"], region, FAIL)


def trust_policy(principal, action="sts:AssumeRole", condition=None):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def access():
    """Who may do what: policies, groups, keys and trust."""
    iam = client("iam")

    def document(action, resource="*"):
        statement = {"Effect": "Allow", "Action": action, "Resource": resource}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    reader = iam.create_policy(PolicyName="reader", PolicyDocument=document("s3:Get*"))["Policy"]["Arn"]
    expect("no-admin-star-policy", "reader", "global", PASS)
    iam.create_policy(PolicyName="star", PolicyDocument=document("*"))
    expect("no-admin-star-policy", "star", "global", FAIL)
    iam.create_group(GroupName="team")
    iam.put_group_policy(GroupName="team", PolicyName="all", PolicyDocument=document(["*:*"]))
    expect("no-admin-star-policy", "inline all of group team", "global", FAIL)
    expect("group-has-members", "team", "global", PASS)
    iam.create_group(GroupName="empty")
    expect("group-has-members", "empty", "global", FAIL)

    def user(name, direct):
        iam.create_user(UserName=name)
        expect("user-no-direct-policies", name, "global", FAIL if direct else PASS)

    user("grouped", direct=False)
    iam.add_user_to_group(GroupName="team", UserName="grouped")
    user("attached", direct=True)
    iam.attach_user_policy(UserName="attached", PolicyArn=reader)
    user("robot", direct=False)
    iam.create_access_key(UserName="robot")
    expect("access-key-rotated", "robot, key 1", "global", PASS)
    expect("user-credentials-used", "robot, key 1", "global", PASS)

    def role(name, trust, public=PASS, known=None):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        expect("role-trust-not-public", name, "global", public)
        if known:
            expect("cross-account-trust-known", name, "global", known)

    role("open", trust_policy({"AWS": "*"}), public=FAIL)
    github = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    web, prefix = "sts:AssumeRoleWithWebIdentity", "token.actions.githubusercontent.com"
    anyone = {"StringEquals": {f"{prefix}:aud": "sts.amazonaws.com"}}
    role("any-repository", trust_policy({"Federated": github}, web, anyone), public=FAIL)
    ours = anyone | {"StringLike": {f"{prefix}:sub": "repo:acme/shop:*"}}
    role("our-repository", trust_policy({"Federated": github}, web, ours))
    role("stranger", trust_policy({"AWS": "arn:aws:iam::999999999999:root"}), known=FAIL)
    external = {"StringEquals": {"sts:ExternalId": "e-1"}}
    role("vendor", trust_policy({"AWS": "999999999999"}, condition=external), known=PASS)


def stores():
    """Caches, warehouses, search domains, file systems and keys, good and bad."""
    ec2 = client("ec2", MAIN)
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    expect("vpc-cidr-overlap", vpc, MAIN, PASS)
    expect("vpc-flow-logs", vpc, MAIN, FAIL)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnets = {}
    for place, name in enumerate(("public", "private")):
        subnets[name] = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{place}.0/24")["Subnet"]["SubnetId"]
        ec2.modify_subnet_attribute(SubnetId=subnets[name], MapPublicIpOnLaunch={"Value": False})
        expect("subnet-no-auto-public-ip", subnets[name], MAIN, PASS)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnets["public"])

    cache = client("elasticache", MAIN)
    for name, subnet in subnets.items():
        cache.create_cache_subnet_group(
            CacheSubnetGroupName=f"{name}-caches", CacheSubnetGroupDescription=name, SubnetIds=[subnet]
        )
    cache.create_cache_cluster(
        CacheClusterId="shown", Engine="memcached", CacheNodeType="cache.t3.micro", NumCacheNodes=1,
        CacheSubnetGroupName="public-caches", TransitEncryptionEnabled=True,
    )
    expect("database-in-private-subnet", "shown", MAIN, FAIL)
    expect("elasticache-transit-encryption", "shown", MAIN, PASS)
    for name, good in (("locked", True), ("plain", False)):
        cache.create_replication_group(
            ReplicationGroupId=name, ReplicationGroupDescription=name, Engine="redis", CacheNodeType="cache.t3.micro",
            AtRestEncryptionEnabled=good, TransitEncryptionEnabled=good,
        )
        expect("elasticache-encrypted", name, MAIN, PASS if good else FAIL)
        expect("elasticache-transit-encryption", name, MAIN, PASS if good else FAIL)

    redshift = client("redshift", MAIN)
    redshift.create_cluster_subnet_group(
        ClusterSubnetGroupName="private-warehouses", Description="private", SubnetIds=[subnets["private"]]
    )
    for name, encrypted in (("sealed", True), ("bare", False)):
        redshift.create_cluster(
            ClusterIdentifier=name, NodeType="ra3.large", MasterUsername="admin", MasterUserPassword="Not-a-secret-1",
            Encrypted=encrypted, ClusterSubnetGroupName="private-warehouses",
        )
        expect("redshift-encrypted", name, MAIN, PASS if encrypted else FAIL)
        expect("database-in-private-subnet", name, MAIN, PASS)

    search = client("opensearch", MAIN)
    for name, good in (("guarded", True), ("frank", False)):
        policy = "Policy-Min-TLS-1-2-PFS-2023-10" if good else "Policy-Min-TLS-1-0-2019-07"
        search.create_domain(
            DomainName=name, EncryptionAtRestOptions={"Enabled": good},
            DomainEndpointOptions={"EnforceHTTPS": True, "TLSSecurityPolicy": policy},
        )
        expect("opensearch-encrypted", name, MAIN, PASS if good else FAIL)
        expect("opensearch-https", name, MAIN, PASS if good else FAIL)

    efs = client("efs", MAIN)
    for encrypted in (True, False):
        made = efs.create_file_system(CreationToken=str(encrypted), Encrypted=encrypted)["FileSystemId"]
        expect("efs-encrypted", made, MAIN, PASS if encrypted else FAIL)

    kms = client("kms", MAIN)
    for rotates in (True, False):
        key = kms.create_key(Description="data")["KeyMetadata"]["KeyId"]
        if rotates:
            kms.enable_key_rotation(KeyId=key)
        expect("kms-key-rotation", key, MAIN, PASS if rotates else FAIL)
    kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    disabled = kms.create_key(Description="off")["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=disabled)


def imported(acm, days, status):
    """A certificate of its own signature, valid for so many days."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example.com")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(days).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    made = acm.import_certificate(
        Certificate=certificate.public_bytes(serialization.Encoding.PEM),
        PrivateKey=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )["CertificateArn"]
    expect("acm-certificate-not-expiring", made.rsplit("/")[-1], MAIN, status)
    return made


def edges():
    """Load balancers, certificates, distributions and names."""
    ec2, elb = client("ec2", MAIN), client("elbv2", MAIN)
    vpc = ec2.create_vpc(CidrBlock="10.30.0.0/16")["Vpc"]["VpcId"]
    expect("vpc-cidr-overlap", vpc, MAIN, PASS)
    expect("vpc-flow-logs", vpc, MAIN, FAIL)
    subnets = []
    for place, zone in enumerate("ab"):
        made = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.30.{place}.0/24", AvailabilityZone=f"{MAIN}{zone}")
        subnets.append(made["Subnet"]["SubnetId"])
        ec2.modify_subnet_attribute(SubnetId=subnets[-1], MapPublicIpOnLaunch={"Value": False})
        expect("subnet-no-auto-public-ip", subnets[-1], MAIN, PASS)
    group = elb.create_target_group(Name="shop", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]["TargetGroupArn"]
    acm = client("acm", MAIN)
    certificate = imported(acm, 20, FAIL)
    fresh = imported(acm, 400, PASS)
    forward = [{"Type": "forward", "TargetGroupArn": group}]

    def redirect(protocol):
        return [{"Type": "redirect", "RedirectConfig": {"Protocol": protocol, "Port": "443", "StatusCode": "HTTP_301"}}]

    def balancer(name, kind="application", scheme="internet-facing", web_acl=None):
        made = elb.create_load_balancer(Name=name, Type=kind, Scheme=scheme, Subnets=subnets)["LoadBalancers"][0]
        if kind == "application" and scheme == "internet-facing":
            expect("waf-on-public-endpoints", name, MAIN, web_acl)
        return made

    good = balancer("good", web_acl=PASS)
    elb.create_listener(LoadBalancerArn=good["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=redirect("HTTPS"))
    elb.create_listener(
        LoadBalancerArn=good["LoadBalancerArn"], Protocol="HTTPS", Port=443, DefaultActions=forward,
        Certificates=[{"CertificateArn": certificate}], SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
    )
    expect("alb-https", "good", MAIN, PASS)
    expect("elb-tls-policy", "good", MAIN, PASS)
    acl = client("wafv2", MAIN).create_web_acl(
        Name="web", Scope="REGIONAL", DefaultAction={"Allow": {}},
        VisibilityConfig={"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "web"},
    )["Summary"]["ARN"]
    client("wafv2", MAIN).associate_web_acl(WebACLArn=acl, ResourceArn=good["LoadBalancerArn"])

    plain = balancer("plain", web_acl=FAIL)
    elb.create_listener(LoadBalancerArn=plain["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=forward)
    elb.create_listener(
        LoadBalancerArn=plain["LoadBalancerArn"], Protocol="HTTPS", Port=443, DefaultActions=forward,
        Certificates=[{"CertificateArn": fresh}], SslPolicy="ELBSecurityPolicy-2016-08",
    )
    expect("alb-https", "plain", MAIN, FAIL)
    expect("elb-tls-policy", "plain", MAIN, FAIL)
    inside = balancer("inside", scheme="internal")
    listener = elb.create_listener(
        LoadBalancerArn=inside["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=redirect("HTTPS")
    )["Listeners"][0]["ListenerArn"]
    elb.create_rule(
        ListenerArn=listener, Priority=1, Actions=forward, Conditions=[{"Field": "path-pattern", "Values": ["/health"]}]
    )
    expect("alb-https", "inside", MAIN, FAIL)

    classic = client("elb", MAIN)
    tls = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 80, "SSLCertificateId": fresh}
    classic.create_load_balancer(LoadBalancerName="elder", Listeners=[tls], Subnets=subnets)
    protocols = [{"AttributeName": f"Protocol-{it}", "AttributeValue": "true"} for it in ("TLSv1", "TLSv1.2")]
    classic.create_load_balancer_policy(
        LoadBalancerName="elder", PolicyName="old", PolicyTypeName="SSLNegotiationPolicyType", PolicyAttributes=protocols
    )
    classic.set_load_balancer_policies_of_listener(LoadBalancerName="elder", LoadBalancerPort=443, PolicyNames=["old"])
    # moto makes a group for it and gives it no network interface.
    own = [{"Name": "vpc-id", "Values": [vpc]}]
    for made in ec2.describe_security_groups(Filters=own)["SecurityGroups"]:
        if made["GroupName"] != "default":
            for rule in ("sg-no-open-admin-port", "sg-no-open-database-port", "sg-no-open-all-ports"):
                expect(rule, made["GroupId"], MAIN, PASS)
            expect("sg-unused", made["GroupId"], MAIN, FAIL)
    expect("alb-https", "elder", MAIN, PASS)
    expect("elb-tls-policy", "elder", MAIN, FAIL)

    cloudfront = client("cloudfront")

    def distribution(name, policy, **other):
        made = cloudfront.create_distribution(DistributionConfig={
            "CallerReference": name, "Comment": name, "Enabled": True,
            "Origins": {"Quantity": 1, "Items": [{
                "Id": "o", "DomainName": "shop.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""},
            }]},
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": policy, "MinTTL": 0, "ForwardedValues": {
                "QueryString": False, "Cookies": {"Forward": "none"},
            }},
            **other,
        })["Distribution"]
        return made

    secure = {"ViewerCertificate": {
        "ACMCertificateArn": certificate, "MinimumProtocolVersion": "TLSv1.2_2021", "SSLSupportMethod": "sni-only",
        "CloudFrontDefaultCertificate": False,
    }}
    held = distribution("secure", "redirect-to-https", WebACLId=acl, **secure)
    expect("cdn-https", held["Id"], "global", PASS)
    expect("waf-on-public-endpoints", held["Id"], "global", PASS)
    frank = distribution("frank", "allow-all")
    expect("cdn-https", frank["Id"], "global", FAIL)
    expect("waf-on-public-endpoints", frank["Id"], "global", FAIL)

    route53 = client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"]

    def record(name, target, status, kind="CNAME"):
        record = {"Name": f"{name}.example.com", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": target}]}
        route53.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        )
        if status:
            expect("route53-no-dangling-record", f"{name}.example.com. {kind}", "global", status)

    record("cdn", held["DomainName"], PASS)
    record("old-cdn", "dgone.cloudfront.net", FAIL)
    record("web", good["DNSName"], PASS)
    record("old-web", f"gone-1.{MAIN}.elb.amazonaws.com", FAIL)
    record("files", "aborting-only.s3.amazonaws.com", PASS)
    record("old-files", f"gone-files.s3.{MAIN}.amazonaws.com", FAIL)
    record("office", "203.0.113.7", None, "A")
    person = {
        "FirstName": "A", "LastName": "B", "ContactType": "PERSON", "AddressLine1": "1 Street", "City": "Cork",
        "CountryCode": "IE", "ZipCode": "T12", "PhoneNumber": "+353.210000000", "Email": "domains@example.com",
    }
    domains = client("route53domains")
    for name, renews in (("example.com", True), ("example.net", False)):
        domains.register_domain(
            DomainName=name, DurationInYears=2, AutoRenew=renews, AdminContact=person, RegistrantContact=person,
            TechContact=person,
        )
        expect("domain-auto-renew", name, "global", PASS if renews else FAIL)
        # moto locks every domain.
        expect("domain-transfer-lock", name, "global", PASS)
    route53.create_hosted_zone(Name="inside.example", CallerReference="2", VPC={"VPCRegion": MAIN, "VPCId": vpc})


def services():
    """Functions, tasks, parameters and secrets; and the services that watch, on in one region."""
    iam = client("iam")
    iam.create_role(RoleName="function", AssumeRolePolicyDocument=trust_policy({"Service": "lambda.amazonaws.com"}))
    expect("role-trust-not-public", "function", "global", PASS)
    functions = client("lambda", MAIN)
    code = {"ZipFile": base64.b64decode("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")}
    for name, variables, status in (
        ("tidy", {"DB_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db", "STAGE": "prod"}, PASS),
        ("leaky", {"DB_PASSWORD": "hunter2-hunter2"}, FAIL),
    ):
        functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=f"arn:aws:iam::{ACCOUNT}:role/function", Handler="a.b",
            Code=code, Environment={"Variables": variables},
        )
        expect("lambda-no-plaintext-secret", name, MAIN, status)

    ecs = client("ecs", MAIN)
    ecs.create_cluster(clusterName="shop")
    for name, environment, status in (
        ("calm", [{"name": "STAGE", "value": "prod"}], PASS),
        ("loose", [{"name": "API_KEY", "value": "abcdef-123456-abcdef"}], FAIL),
    ):
        ecs.register_task_definition(
            family=name, containerDefinitions=[{"name": "web", "image": "web:1", "memory": 128, "environment": environment}]
        )
        ecs.create_service(cluster="shop", serviceName=name, taskDefinition=name, desiredCount=0)
        expect("ecs-no-plaintext-secret", f"{name}:1", MAIN, status)

    ssm = client("ssm", MAIN)
    for name, kind, status in (
        ("/shop/db/password", "SecureString", PASS), ("/shop/api-key", "String", FAIL), ("/shop/db/host", "String", None),
    ):
        ssm.put_parameter(Name=name, Type=kind, Value="not-a-secret")
        if status:
            expect("ssm-secret-is-securestring", name, MAIN, status)
    secrets = client("secretsmanager", MAIN)
    secrets.create_secret(Name="database", SecretString="not-a-secret")
    expect("secret-rotation", "database", MAIN, PASS)

    for region in REGIONS:
        on = region == MAIN
        if on:
            client("guardduty", region).create_detector(Enable=True)
            client("securityhub", region).enable_security_hub()
            config = client("config", region)
            config.put_configuration_recorder(ConfigurationRecorder={
                "name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/function",
                "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
            })
            config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "flow-log-store"})
            config.start_configuration_recorder(ConfigurationRecorderName="default")
        for rule in ("guardduty-enabled", "security-hub-enabled", "config-recorder-on"):
            expect(rule, region, region, PASS if on else FAIL)
        # These two come from the stubs of the tests.
        expect("access-analyzer-on", region, region, PASS if on else FAIL)
    expect("patch-compliance", "i-0123456789abcdef0", SECOND, FAIL)
    expect("patch-compliance", "i-0fedcba9876543210", SECOND, PASS)
    client("inspector2", MAIN).enable(accountIds=[ACCOUNT], resourceTypes=["EC2"])
    expect("inspector-enabled", MAIN, MAIN, PASS)
    client("account").put_alternate_contact(
        AlternateContactType="SECURITY", EmailAddress="security@example.com", Name="Security", PhoneNumber="1", Title="Team"
    )
    expect("security-contact-set", ACCOUNT, "global", PASS)


SEEDS = (networks, disks, databases, gifts, buckets, people, trails, bills, reach, access, stores, edges, services, defaults)
chosen = os.environ.get("GOLIVE_SEEDS", ",".join(seed.__name__ for seed in SEEDS)).split(",")
for seed in SEEDS:
    if seed.__name__ in chosen:
        seed()
with open(os.environ["GOLIVE_EXPECTED"], "w", encoding="utf-8") as file:
    json.dump(sorted(expected), file, indent=1)
