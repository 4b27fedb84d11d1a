//! The section Monitoring: metrics, logs, and alerts that somebody hears.

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &TRACK_AVAILABILITY_METRICS,
    &TRACK_BUSINESS_METRICS,
    &TRACK_APPLICATION_METRICS,
    &TRACK_SERVER_METRICS,
    &CONFIGURE_SERVICES_FOR_OBSERVABILITY,
    &STORE_LOGS,
    &SET_UP_ALERTS,
];

const TRACK_AVAILABILITY_METRICS: Item = Item {
    id: "monitoring/track-availability-metrics",
    title: "Track availability metrics",
    decides: Decides::Partly,
    what: "Something outside the system asks every minute whether users can reach the product, and tells \
           somebody when they cannot.",
    why: "Metrics from within look fine while DNS, a certificate or the network keeps every user out.",
    confirm: "Name the probe, such as a Route 53 health check, a Synthetics canary or a service of others, \
           the pages that it asks, and whom it wakes. Make it fail once.",
    references: &[
        Reference {
            title: "Creating Amazon Route 53 health checks",
            url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html",
        },
        Reference {
            title: "Synthetic monitoring (canaries)",
            url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["Route 53 health checks and Synthetics canaries", "health checks without an alarm"],
};

const TRACK_BUSINESS_METRICS: Item = Item {
    id: "monitoring/track-business-metrics",
    title: "Track business metrics",
    decides: Decides::Partly,
    what: "The team sees what users do: sign-ups, orders, payments, whatever the product lives from, over \
           time.",
    why: "A release that breaks the checkout shows there first, long before a technical metric moves.",
    confirm: "Open the dashboard, name the three numbers that matter most and what each was an hour ago.",
    references: &[Reference {
        title: "Publish custom metrics",
        url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["custom metric namespaces"],
};

const TRACK_APPLICATION_METRICS: Item = Item {
    id: "monitoring/track-application-metrics",
    title: "Track application metrics",
    decides: Decides::Partly,
    what: "Rate, errors and latency of every service are measured, kept, and alarmed on.",
    why: "Without them the first sign of a slow or failing service is a user who complains, or leaves.",
    confirm: "For each service, show requests, errors and the 99th percentile of latency of the last day, and \
           the alarm on each.",
    references: &[
        Reference {
            title: "CloudWatch metrics for your Application Load Balancer",
            url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/\
                  load-balancer-cloudwatch-metrics.html",
        },
        Reference {
            title: "Using CloudWatch metrics with Lambda",
            url: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["load balancers without an alarm on 5xx answers", "functions without an alarm on errors"],
};

const TRACK_SERVER_METRICS: Item = Item {
    id: "monitoring/track-server-metrics",
    title: "Track server metrics",
    decides: Decides::Partly,
    what: "Processor, memory and disk of every server are measured. EC2 tells nothing of memory and disk \
           by itself: that takes an agent.",
    why: "A disk that fills up and a process that leaks memory stop a server without a warning that EC2 \
           could give.",
    confirm: "Pick a server and show its memory and disk use of the last week, in CloudWatch or in the \
           product that you use instead.",
    references: &[Reference {
        title: "Collect metrics, logs, and traces using the CloudWatch agent",
        url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Install-CloudWatch-Agent.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["instances without memory and disk metrics"],
};

const CONFIGURE_SERVICES_FOR_OBSERVABILITY: Item = Item {
    id: "monitoring/configure-services-for-observability",
    title: "Configure services for observability",
    decides: Decides::Partly,
    what: "One request can be followed through all services that it touches, by traces or by events that \
           share its id.",
    why: "With more than one service, logs of each alone do not tell where a slow or wrong answer came \
           from.",
    confirm: "Take one real request and show its path and the time that each service took.",
    references: &[
        Reference {
            title: "What is AWS X-Ray?",
            url: "https://docs.aws.amazon.com/xray/latest/devguide/aws-xray.html",
        },
        Reference {
            title: "AWS Distro for OpenTelemetry (OpenTelemetry)",
            url: "https://aws-otel.github.io/docs/introduction",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["functions and APIs without tracing"],
};

const STORE_LOGS: Item = Item {
    id: "monitoring/store-logs",
    title: "Store logs",
    decides: Decides::Machine,
    what: "Logs of servers, services, load balancers and networks go to one searchable place, and are kept \
           for as long as they are needed.",
    why: "Logs on a server are gone with it, just when somebody wants to know why it died; logs that are \
           kept for ever cost for ever.",
    confirm: "Search for one error of yesterday across all services. Every log group has a retention, and log \
           files on servers rotate.",
    references: &[
        Reference {
            title: "Working with log groups and log streams",
            url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
        },
        Reference {
            title: "Access logs for your Application Load Balancer",
            url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["log groups that never expire", "VPCs without flow logs", "load balancers without access logs"],
};

const SET_UP_ALERTS: Item = Item {
    id: "monitoring/set-up-alerts",
    title: "Set up alerts",
    decides: Decides::Machine,
    what: "Alarms watch what users would notice, and reach a person who is on call and knows what to do.",
    why: "An alarm that is switched off, or whose topic nobody confirmed, is worse than none: everyone \
           believes that it is there.",
    confirm: "List the alarms and whom each one reaches. Send a test alarm through the whole way at night, \
           and see the on-call rota answer it.",
    references: &[
        Reference {
            title: "Using Amazon CloudWatch alarms",
            url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
        },
        Reference {
            title: "What is Incident Manager?",
            url: "https://docs.aws.amazon.com/incident-manager/latest/userguide/what-is-incident-manager.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["alarms that are missing or reach nobody", "databases without alarms"],
};
