"""Seeds volumes and buckets with and without tags."""

import boto3

ec2 = boto3.client("ec2", region_name="eu-west-1")


def volume(**tags):
    made = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=False)["VolumeId"]
    ec2.create_tags(Resources=[made], Tags=[{"Key": key, "Value": value} for key, value in tags.items()])


for number in range(120):
    volume(stage="sandbox", Name=f"sandbox {number}")
for number in range(3):
    volume(stage="production", Name=f"production {number}")
volume(owner="web")

s3 = boto3.client("s3", region_name="eu-west-1")
for name, stage in (("play", "sandbox"), ("shop", "production")):
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "stage", "Value": stage}]})
