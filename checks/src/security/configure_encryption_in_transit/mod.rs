//! `security/configure-encryption-in-transit`: every connection uses TLS 1.2 or later.

mod edge;
mod stores;

use crate::{Decides, Item, Reference};

/// `security/configure-encryption-in-transit`
pub const ITEM: Item = Item {
    id: "security/configure-encryption-in-transit",
    title: "Configure encryption in transit",
    decides: Decides::Machine,
    what: "Every connection uses TLS 1.2 or later: from users to load balancers and CloudFront, and from \
           applications to databases, caches and buckets.",
    why: "Whoever is on the path of a plain connection reads and changes what passes: passwords, \
           sessions, personal data.",
    confirm: "Open the listeners of each load balancer and the viewer policy of each distribution, and try \
           plain HTTP. Connect to each database without TLS: it refuses.",
    references: &[
        Reference {
            title: "Create an HTTPS listener for your Application Load Balancer",
            url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
        },
        Reference {
            title: "Using SSL/TLS to encrypt a connection to a DB instance or cluster",
            url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
        },
    ],
    rules: &[
        &edge::ALB_HTTPS,
        &edge::ACM_CERTIFICATE_NOT_EXPIRING,
        &edge::ELB_TLS_POLICY,
        &edge::CDN_HTTPS,
        &stores::RDS_REQUIRES_TLS,
        &stores::ELASTICACHE_TRANSIT_ENCRYPTION,
        &stores::OPENSEARCH_HTTPS,
        &stores::S3_DENIES_HTTP,
    ],
    evidence: &[],
    pending: &[],
};
