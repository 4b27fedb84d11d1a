//! The items of the section `scalability`: running enough copies in enough places, and what happens when one of
//! them fails.

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &CHOOSE_MONOLITH_OR_MICROSERVICES,
    &CONFIGURE_SERVICE_DISCOVERY,
    &USE_MULTIPLE_INSTANCES,
    &USE_MULTIPLE_AVAILABILITY_ZONES,
    &SET_UP_LOAD_BALANCING,
    &USE_AUTO_SCALING,
    &CONFIGURE_AUTO_RECOVERY,
    &CONFIGURE_GRACEFUL_DEGRADATION,
    &PERFORM_LOAD_TESTS_AND_CHAOS_ENGINEERING,
];

const CHOOSE_MONOLITH_OR_MICROSERVICES: Item = Item {
    id: "scalability/choose-monolith-or-microservices",
    title: "Choose between a Monolith and Microservices",
    decides: Decides::Human,
    what: "The architecture is a decision and not an accident: one deployable application for as long as it serves the \
           team, and separate services only where a named need, such as independent teams or different technologies, \
           outweighs their cost.",
    why: "Each network boundary adds failures, latency and versions to keep compatible. A small team that splits too \
          early spends its time on these instead of on the product.",
    confirm: "Find the written decision, for example an architecture decision record, with its reasons. If there are \
              several services, try to deploy one of them alone in a test environment; if others must follow, note \
              that as something to mend.",
    references: &[
        Reference {
            title: "Microservice Trade-Offs (Martin Fowler)",
            url: "https://martinfowler.com/articles/microservice-trade-offs.html",
        },
        Reference { title: "MonolithFirst (Martin Fowler)", url: "https://martinfowler.com/bliki/MonolithFirst.html" },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const CONFIGURE_SERVICE_DISCOVERY: Item = Item {
    id: "scalability/configure-service-discovery",
    title: "Configure service discovery",
    decides: Decides::Partly,
    what: "Services find one another by a name that stays valid while instances and tasks come and go: an internal \
           load balancer, Amazon ECS Service Connect, AWS Cloud Map, or a tool such as Consul.",
    why: "An address written into configuration is wrong as soon as the task behind it is replaced, so an ordinary \
          deployment of one service breaks another.",
    confirm: "Search configuration and task definitions for literal IP addresses of your own services. Replace the \
              tasks of one service in a test environment while another calls it, and note that the calls went on. With \
              a single application, note that the item does not apply.",
    references: &[
        Reference {
            title: "Interconnect Amazon ECS services",
            url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/interconnecting-services.html",
        },
        Reference {
            title: "What is AWS Cloud Map?",
            url: "https://docs.aws.amazon.com/cloud-map/latest/dg/what-is-cloud-map.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["Cloud Map namespaces", "ECS services with Service Connect", "load balancers between services"],
};

const USE_MULTIPLE_INSTANCES: Item = Item {
    id: "scalability/use-multiple-instances",
    title: "Use multiple Instances",
    decides: Decides::Machine,
    what: "Every stateless application runs in at least two copies at any time: two instances of an Auto Scaling \
           group, two tasks of an Amazon ECS service, two healthy targets behind a load balancer.",
    why: "A single copy makes each crash, reboot and deployment an outage, and gives the load nowhere to go when it \
          grows.",
    confirm: "In the EC2 console look at the minimum and desired capacity of each Auto Scaling group, in ECS at the \
              desired tasks of each service, and at the healthy hosts of each target group. Stop one copy in a test \
              environment under traffic and note whether a request failed.",
    references: &[
        Reference {
            title: "Set scaling limits for your Auto Scaling group",
            url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html",
        },
        Reference {
            title: "Amazon ECS services",
            url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "Auto Scaling groups of at least two instances",
        "ECS services of at least two tasks",
        "target groups with at least two healthy targets",
    ],
};

const USE_MULTIPLE_AVAILABILITY_ZONES: Item = Item {
    id: "scalability/use-multiple-availability-zones",
    title: "Use multiple Availability Zones",
    decides: Decides::Machine,
    what: "Auto Scaling groups, load balancers and databases span at least two Availability Zones, and each zone has \
           what it needs to work alone, such as its own NAT gateway.",
    why: "An Availability Zone does fail now and then. What sits in one zone only, or sends its traffic through one, \
          goes down with it.",
    confirm: "Check the subnets and zones of each Auto Scaling group and load balancer in the EC2 console, Multi-AZ of \
              each database in RDS, and that each private route table leads to a NAT gateway in its own zone. Note \
              what you keep in one zone on purpose and why.",
    references: &[
        Reference {
            title: "Regions and Zones",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
        },
        Reference {
            title: "Auto Scaling group Availability Zone distribution",
            url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/\
                  ec2-auto-scaling-availability-zone-balanced.html",
        },
        Reference {
            title: "NAT gateways",
            url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "Auto Scaling groups in several Availability Zones",
        "load balancers in several Availability Zones",
        "databases with a standby in another Availability Zone",
        "a NAT gateway in each Availability Zone in use",
    ],
};

const SET_UP_LOAD_BALANCING: Item = Item {
    id: "scalability/set-up-load-balancing",
    title: "Set up load balancing",
    decides: Decides::Partly,
    what: "Traffic is spread over healthy copies by Elastic Load Balancing: an Application Load Balancer for HTTP and \
           HTTPS, a Network Load Balancer for other protocols. Access logs and deletion protection are on.",
    why: "Without a balancer clients keep calling a server that is down. Classic Load Balancers get no new features, \
          and without access logs an incident cannot be traced afterwards.",
    confirm: "Under Load Balancers in the EC2 console check type, zones and attributes of each; under Target Groups \
              that targets are healthy and that the health check asks for a path that tells the truth. Note the bucket \
              with the access logs and the balancers checked.",
    references: &[
        Reference {
            title: "What is Elastic Load Balancing?",
            url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/what-is-load-balancing.html",
        },
        Reference {
            title: "Access logs for your Application Load Balancer",
            url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
        },
        Reference {
            title: "Migrate your Classic Load Balancer",
            url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/migrate-classic-load-balancer.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "Classic Load Balancers still in use",
        "load balancers with healthy targets",
        "access logs of load balancers",
        "deletion protection of load balancers",
    ],
};

const USE_AUTO_SCALING: Item = Item {
    id: "scalability/use-auto-scaling",
    title: "Use Auto Scaling",
    decides: Decides::Partly,
    what: "Capacity follows load without a person: Auto Scaling groups and Amazon ECS services have room between \
           minimum and maximum and a scaling policy or schedule that uses it.",
    why: "Fixed capacity is wrong twice: too small in the peak you are launching for, and paid for all night when \
          nobody comes.",
    confirm: "Open the Automatic scaling tab of each Auto Scaling group and the service auto scaling of each ECS \
              service. Put load on a test environment until it scales out, stop, and wait until it scales in; note \
              both times and the metric that drove them.",
    references: &[
        Reference {
            title: "Target tracking scaling policies for Amazon EC2 Auto Scaling",
            url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html",
        },
        Reference {
            title: "Automatically scale your Amazon ECS service",
            url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["scaling policies or schedules of Auto Scaling groups", "auto scaling of ECS services"],
};

const CONFIGURE_AUTO_RECOVERY: Item = Item {
    id: "scalability/configure-auto-recovery",
    title: "Configure Auto Recovery",
    decides: Decides::Machine,
    what: "What fails is restarted or replaced without a person: a supervisor such as systemd restarts processes, Auto \
           Scaling groups use the load balancer's health checks, and Amazon ECS tasks have container health checks and \
           a deployment circuit breaker.",
    why: "An instance can pass EC2's own checks while the application on it answers nothing but errors, and then it \
          stays in service until somebody wakes up.",
    confirm: "Check the health check type of each Auto Scaling group behind a load balancer, the health checks in each \
              ECS task definition and the circuit breaker of each ECS service. Kill the application process on one \
              copy in a test environment and note how long it took to be back.",
    references: &[
        Reference {
            title: "Health checks for instances in an Auto Scaling group",
            url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html",
        },
        Reference {
            title: "Determine Amazon ECS task health using container health checks",
            url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html",
        },
        Reference {
            title: "How the Amazon ECS deployment circuit breaker detects failures",
            url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "load balancer health checks of Auto Scaling groups",
        "container health checks of ECS tasks",
        "deployment circuit breakers of ECS services",
    ],
};

const CONFIGURE_GRACEFUL_DEGRADATION: Item = Item {
    id: "scalability/configure-graceful-degradation",
    title: "Configure graceful degradation",
    decides: Decides::Human,
    what: "Calls to anything that may be slow or down have a timeout, limited retries with exponential backoff and \
           jitter, a circuit breaker or a fallback, and your own entry points limit the rate of requests.",
    why: "One slow dependency fills every thread of its callers, and unlimited retries then multiply the load until a \
          small fault has become a full outage.",
    confirm: "List the dependencies of each service, and for each the timeout, the retry limit and what users see when \
              it is missing; find these settings in the code. Block one dependency in a test environment and note that \
              the rest of the product went on working.",
    references: &[
        Reference {
            title: "Retry with backoff pattern",
            url: "https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/retry-backoff.html",
        },
        Reference {
            title: "Circuit breaker pattern",
            url: "https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/circuit-breaker.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[],
};

const PERFORM_LOAD_TESTS_AND_CHAOS_ENGINEERING: Item = Item {
    id: "scalability/perform-load-tests-and-chaos-engineering",
    title: "Perform load tests and use chaos engineering",
    decides: Decides::Partly,
    what: "Load tests have shown at what load the system gives way and which part does so first. Failures are injected \
           on purpose and regularly, for example with AWS Fault Injection Service, to prove that it recovers.",
    why: "Otherwise the launch is the load test, and the first failure of a zone is the first time that anybody sees \
          how the system behaves without it.",
    confirm: "Find the report of the last load test: its date, the peak reached compared with the peak expected, and \
              the first bottleneck. Look up finished experiments of the last 180 days in the AWS FIS console, or the \
              notes of a game day, and note what was mended after them.",
    references: &[
        Reference {
            title: "What is AWS Fault Injection Service?",
            url: "https://docs.aws.amazon.com/fis/latest/userguide/what-is.html",
        },
        Reference {
            title: "Principles of Chaos Engineering (principlesofchaos.org)",
            url: "https://principlesofchaos.org/",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["AWS FIS experiments of the last 180 days"],
};
