//! The section Continuous Delivery: environments, infrastructure as code, and deployments that nobody notices.

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &CREATE_DEPLOYMENT_ENVIRONMENTS,
    &SET_UP_PER_ENVIRONMENT_CONFIGURATION,
    &DEFINE_INFRASTRUCTURE_AS_CODE,
    &TEST_INFRASTRUCTURE_CODE,
    &SET_UP_IMMUTABLE_INFRASTRUCTURE,
    &PROMOTE_ARTIFACTS,
    &ROLL_BACK_IN_CASE_OF_FAILURE,
    &AUTOMATE_DEPLOYMENTS,
    &DO_ZERO_DOWNTIME_DEPLOYMENTS,
    &USE_CANARY_DEPLOYMENTS,
    &USE_FEATURE_TOGGLES,
];

const CREATE_DEPLOYMENT_ENVIRONMENTS: Item = Item {
    id: "continuous-delivery/create-deployment-environments",
    title: "Create deployment environments",
    decides: Decides::Partly,
    what: "Development, staging and production are separate: an AWS account for each, or, for a small \
           team, at least a VPC for each.",
    why: "Where environments share an account, a test can delete production data, exhaust its quotas or \
           read its secrets.",
    confirm: "List the environments and the account or VPC of each. AWS Organizations shows the accounts; \
           note who may enter production and how.",
    references: &[Reference {
        title: "Organizing Your AWS Environment Using Multiple Accounts",
        url: "https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/\
              organizing-your-aws-environment.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["accounts of the organization", "VPCs other than the default ones", "environment tags of resources"],
};

const SET_UP_PER_ENVIRONMENT_CONFIGURATION: Item = Item {
    id: "continuous-delivery/set-up-per-environment-configuration",
    title: "Set up per-environment configuration",
    decides: Decides::Partly,
    what: "What differs between environments stands in configuration that is versioned with the code and \
           chosen when the application starts.",
    why: "Settings that are changed by hand on a server are lost with it, and nobody can tell why staging \
           behaves otherwise than production.",
    confirm: "Find the configuration of each environment in the repository, or in Parameter Store or \
           AppConfig, and follow how a running instance picks its own. Secrets belong elsewhere.",
    references: &[
        Reference {
            title: "AWS Systems Manager Parameter Store",
            url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html",
        },
        Reference {
            title: "What is AWS AppConfig?",
            url: "https://docs.aws.amazon.com/appconfig/latest/userguide/what-is-appconfig.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["Parameter Store paths for each environment", "AppConfig applications and environments"],
};

const DEFINE_INFRASTRUCTURE_AS_CODE: Item = Item {
    id: "continuous-delivery/define-infrastructure-as-code",
    title: "Define your infrastructure as code",
    decides: Decides::Partly,
    what: "Everything that runs in AWS is described in code, such as CloudFormation, CDK or Terraform, and \
           changed only through it.",
    why: "What was clicked together cannot be reviewed, repeated in another region, or rebuilt after \
           somebody deleted it.",
    confirm: "Pick five resources at random and find the code that made each. Run a plan or drift detection: \
           it should show no difference.",
    references: &[
        Reference {
            title: "What is AWS CloudFormation?",
            url: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/Welcome.html",
        },
        Reference {
            title: "Detect unmanaged configuration changes to stacks and resources with drift detection",
            url: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "CloudFormation stacks in a failed state",
        "CloudFormation stacks that drifted",
        "share of resources that were made by code",
    ],
};

const TEST_INFRASTRUCTURE_CODE: Item = Item {
    id: "continuous-delivery/test-infrastructure-code",
    title: "Test your infrastructure code",
    decides: Decides::Partly,
    what: "Infrastructure code has automated tests that run on every change: static checks at least, and \
           for modules a real deployment that is checked and torn down.",
    why: "Otherwise the first test of a change to the network or the databases is production itself.",
    confirm: "Look in the repository for tests of the modules and in the build server for their last run. \
           Note which modules have none.",
    references: &[
        Reference {
            title: "Tests - Configuration Language (HashiCorp Terraform)",
            url: "https://developer.hashicorp.com/terraform/language/tests",
        },
        Reference { title: "Terratest (Gruntwork)", url: "https://terratest.gruntwork.io/" },
    ],
    rules: &[],
    evidence: &[],
    pending: &["pipelines that test infrastructure code"],
};

const SET_UP_IMMUTABLE_INFRASTRUCTURE: Item = Item {
    id: "continuous-delivery/set-up-immutable-infrastructure",
    title: "Set up immutable infrastructure",
    decides: Decides::Partly,
    what: "Servers and containers are replaced rather than changed: a new image is launched, checked, and \
           the old one removed.",
    why: "Servers that are patched in place drift apart until no two are alike and none can be rebuilt.",
    confirm: "Ask when somebody last logged in to a production server to change something. Compare the age of \
           instances with the date of the last release.",
    references: &[Reference {
        title: "Use an instance refresh to update instances in an Auto Scaling group",
        url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["stateless instances older than 180 days"],
};

const PROMOTE_ARTIFACTS: Item = Item {
    id: "continuous-delivery/promote-artifacts",
    title: "Promote artifacts",
    decides: Decides::Partly,
    what: "One artifact is built once and moves unchanged from environment to environment after it was \
           tested in each.",
    why: "An artifact that is built anew for production is not the one that was tested.",
    confirm: "Compare the digest of the image or package that runs in staging with the one in production of \
           the same version. They are the same.",
    references: &[
        Reference {
            title: "What is AWS CodePipeline?",
            url: "https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome.html",
        },
        Reference {
            title: "Private image replication in Amazon ECR",
            url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["stages of CodePipeline pipelines"],
};

const ROLL_BACK_IN_CASE_OF_FAILURE: Item = Item {
    id: "continuous-delivery/roll-back-in-case-of-failure",
    title: "Roll back in case of failure",
    decides: Decides::Partly,
    what: "A deployment that fails goes back to the last good version, by itself where the service can do \
           it.",
    why: "Without a practised way back, every bad release becomes an outage that lasts as long as the fix \
           takes.",
    confirm: "Roll production, or a twin of it, back to the former version once before launch, and note how \
           long it took and what the database needed.",
    references: &[
        Reference {
            title: "How the Amazon ECS deployment circuit breaker detects failures",
            url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
        },
        Reference {
            title: "Redeploy and roll back a deployment with CodeDeploy",
            url: "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "CodeDeploy groups without automatic rollback",
        "ECS services without a circuit breaker that rolls back",
    ],
};

const AUTOMATE_DEPLOYMENTS: Item = Item {
    id: "continuous-delivery/automate-deployments",
    title: "Automate your deployments",
    decides: Decides::Partly,
    what: "A release is one command or one merge; a machine does all of its steps, the same way each time.",
    why: "Steps that people do by hand are forgotten under pressure, and only some people know them.",
    confirm: "Deploy a trivial change and count the manual steps. The pipeline shows who started it and which \
           version it deployed.",
    references: &[
        Reference {
            title: "What is AWS CodePipeline?",
            url: "https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome.html",
        },
        Reference {
            title: "What is CodeDeploy?",
            url: "https://docs.aws.amazon.com/codedeploy/latest/userguide/welcome.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["CodePipeline pipelines and CodeDeploy applications"],
};

const DO_ZERO_DOWNTIME_DEPLOYMENTS: Item = Item {
    id: "continuous-delivery/do-zero-downtime-deployments",
    title: "Do zero-downtime deployments",
    decides: Decides::Partly,
    what: "New versions take traffic only when they are healthy, and old ones leave only after that, so \
           that users notice nothing.",
    why: "If a release needs a window, releases become rare and large, and each one riskier than the \
           last.",
    confirm: "Send steady requests to a staging environment during a deployment and count the errors. Check \
           that connections drain and that migrations suit both versions.",
    references: &[
        Reference {
            title: "Deploy Amazon ECS services by replacing tasks",
            url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html",
        },
        Reference {
            title: "Edit target group attributes for your Application Load Balancer",
            url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/\
                  edit-target-group-attributes.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "ECS services that stop tasks before new ones are healthy",
        "Auto Scaling groups that are not behind a load balancer",
    ],
};

const USE_CANARY_DEPLOYMENTS: Item = Item {
    id: "continuous-delivery/use-canary-deployments",
    title: "Use canary deployments",
    decides: Decides::Partly,
    what: "A new version serves a small share of the traffic first, is compared with the old one, and \
           takes over only when it does as well.",
    why: "Some faults show only under real traffic; without a canary they show to everybody at once.",
    confirm: "Find the step of the pipeline that shifts traffic in parts, the metrics that it watches, and \
           the last time that it stopped a release.",
    references: &[
        Reference {
            title: "Implement Lambda canary deployments using a weighted alias",
            url: "https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html",
        },
        Reference {
            title: "Working with deployment configurations in CodeDeploy",
            url: "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["canary configurations of CodeDeploy", "weighted Lambda aliases and target groups"],
};

const USE_FEATURE_TOGGLES: Item = Item {
    id: "continuous-delivery/use-feature-toggles",
    title: "Use feature toggles",
    decides: Decides::Partly,
    what: "New features are merged switched off and are switched on without a deployment, for some users \
           first.",
    why: "Otherwise releasing and deploying are the same act, unfinished work waits in long branches, and \
           turning a feature off takes a rollback.",
    confirm: "Name the toggle system, switch one feature on and off in staging, and check that old toggles \
           are removed.",
    references: &[Reference {
        title: "What is AWS AppConfig?",
        url: "https://docs.aws.amazon.com/appconfig/latest/userguide/what-is-appconfig.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["AppConfig feature flags"],
};
