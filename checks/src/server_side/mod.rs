//! The items of the section `server-side`: how the programs that answer requests are packaged and run, on
//! instances, in containers or as functions, and the disks that they write to.

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] =
    &[&BUILD_AMIS, &DEPLOY_AMIS_WITH_ASG, &BUILD_DOCKER_IMAGES, &DEPLOY_SERVERLESS_APPS, &CONFIGURE_HARD_DRIVES];

const BUILD_AMIS: Item = Item {
    id: "server-side/build-amis",
    title: "Build AMIs",
    decides: Decides::Partly,
    what: "Software that runs directly on EC2 instances, above all anything stateful such as a self-managed database \
           or a CI server, starts from an Amazon Machine Image that your own build produces with Packer or EC2 Image \
           Builder.",
    why: "A server put together by hand cannot be recreated the same way after a failure, and an image from an unknown \
          publisher, or one left unpatched for months, brings its flaws into production.",
    confirm: "Take the image id of each running instance (`aws ec2 describe-instances`) and look up its owner and \
              creation date with `aws ec2 describe-images`. Find the Packer template or Image Builder pipeline that \
              made it, and note the commit and the date of its last build.",
    references: &[
        Reference {
            title: "What is Image Builder?",
            url: "https://docs.aws.amazon.com/imagebuilder/latest/userguide/what-is-image-builder.html",
        },
        Reference {
            title: "Amazon Machine Images in Amazon EC2",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIs.html",
        },
        Reference { title: "Packer documentation (HashiCorp)", url: "https://developer.hashicorp.com/packer/docs" },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "running instances started from an image of a trusted owner",
        "own images that are not public",
        "age of the images in use",
    ],
};

const DEPLOY_AMIS_WITH_ASG: Item = Item {
    id: "server-side/deploy-amis-with-asg",
    title: "Deploy AMIs using Auto Scaling Groups",
    decides: Decides::Partly,
    what: "Stateless instances belong to an EC2 Auto Scaling group that starts them from a launch template, instead of \
           being launched one at a time.",
    why: "A lone instance that dies stays dead until somebody notices. A group replaces it unasked, follows the load, \
          and rolls a new image out in steps.",
    confirm: "In the EC2 console compare the list of running instances with the members of your Auto Scaling groups, \
              and name the reason for each one outside a group. Check that every group uses a launch template, then \
              terminate one member in a test environment and note how long its replacement took.",
    references: &[
        Reference {
            title: "What is Amazon EC2 Auto Scaling?",
            url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/what-is-amazon-ec2-auto-scaling.html",
        },
        Reference {
            title: "Auto Scaling launch templates",
            url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "stateless running instances that belong to an Auto Scaling group",
        "launch templates instead of launch configurations",
    ],
};

const BUILD_DOCKER_IMAGES: Item = Item {
    id: "server-side/build-docker-images",
    title: "Build Docker images",
    decides: Decides::Partly,
    what: "Containerised software is built into images by your pipeline and stored in Amazon ECR, in repositories that \
           scan what is pushed, refuse to move a tag and expire old images.",
    why: "Images built on a laptop differ from one another, a tag that moves makes it impossible to say what is \
          running, and without scanning known vulnerabilities go live unseen.",
    confirm: "In the ECR console open the registry's scanning settings and each repository's tag immutability and \
              lifecycle policy. Pick one running container and trace its image back to the commit and the build that \
              pushed it; note both.",
    references: &[
        Reference {
            title: "What is Amazon Elastic Container Registry?",
            url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/what-is-ecr.html",
        },
        Reference {
            title: "Scan images for software vulnerabilities in Amazon ECR",
            url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",
        },
        Reference {
            title: "Preventing image tags from being overwritten in Amazon ECR",
            url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["image scanning in ECR", "immutable image tags in ECR", "lifecycle policies of ECR repositories"],
};

const DEPLOY_SERVERLESS_APPS: Item = Item {
    id: "server-side/deploy-serverless-apps",
    title: "Deploy serverless apps using Lambda and API Gateway",
    decides: Decides::Partly,
    what: "Serverless applications run as AWS Lambda functions built by your pipeline, on a runtime that AWS still \
           supports, and are reached over HTTP through Amazon API Gateway. Events that an asynchronous function cannot \
           process go to a destination or a dead-letter queue.",
    why: "After a runtime's deprecation AWS no longer patches it and in time refuses updates of the function. An \
          asynchronous event that fails every attempt is dropped without trace unless it has somewhere to go.",
    confirm: "Run `aws lambda list-functions` and compare each runtime with the deprecation dates in the Lambda \
              runtimes page. For functions called asynchronously open Configuration, Destinations; for APIs check that \
              each stage is deployed by code. Note the functions you accept as they are.",
    references: &[
        Reference {
            title: "Lambda runtimes",
            url: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
        },
        Reference {
            title: "Capturing records of Lambda asynchronous invocations",
            url: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
        },
        Reference {
            title: "What is Amazon API Gateway?",
            url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/welcome.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["Lambda runtimes that AWS still supports", "failure destinations of asynchronous Lambda functions"],
};

const CONFIGURE_HARD_DRIVES: Item = Item {
    id: "server-side/configure-hard-drives",
    title: "Configure hard drives",
    decides: Decides::Partly,
    what: "The root volume of each EC2 instance has room for the application and its logs. Data that must outlive the \
           instance is on separate EBS volumes that are kept when the instance is terminated.",
    why: "A full root volume stops the application, often in the middle of a write, and whatever was stored on it is \
          usually gone together with the instance.",
    confirm: "For each kind of instance compare the size of the root volume with its usage (`df -h`, or the disk \
              metrics of the CloudWatch agent). Under Storage in the EC2 console check Delete on termination of every \
              data volume; note which volumes hold data that you need.",
    references: &[
        Reference {
            title: "Preserve data when an instance is terminated",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html",
        },
        Reference {
            title: "Amazon EBS volumes",
            url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["data volumes kept when their instance is terminated", "size of root volumes"],
};
