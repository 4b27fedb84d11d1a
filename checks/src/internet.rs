//! What counts as the internet in rules of security groups and network ACLs.

use std::net::IpAddr;

use ipnet::IpNet;

/// Whether a block is the internet or a good part of it: broader than /8, or than /16 for IPv6. Nobody owns so much,
/// so this finds 0.0.0.0/0 and ::/0 as well as their halves and quarters.
pub(crate) fn is_world(block: &IpNet) -> bool {
    match block {
        IpNet::V4(block) => block.prefix_len() < 8,
        IpNet::V6(block) => block.prefix_len() < 16,
    }
}

/// Whether a block reaches beyond the addresses that are private by RFC 1918, RFC 6598 and RFC 4193, or link-local.
pub(crate) fn is_outside(block: &IpNet) -> bool {
    const PRIVATE: [&str; 8] = [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
    ];
    !PRIVATE.iter().any(|private| private.parse::<IpNet>().is_ok_and(|private| private.contains(block)))
}

/// Whether an address is one of the internet's.
pub(crate) fn is_public(address: IpAddr) -> bool {
    is_outside(&IpNet::from(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> IpNet {
        text.parse().expect("a block")
    }

    #[test]
    fn the_world_in_parts_is_still_the_world() {
        for text in ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "2000::/3"] {
            assert!(is_world(&block(text)), "{text}");
        }
        for text in ["10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32", "198.51.100.7/32"] {
            assert!(!is_world(&block(text)), "{text}");
        }
    }

    #[test]
    fn private_ranges_are_not_outside() {
        for text in ["10.1.0.0/16", "172.31.0.0/16", "192.168.1.1/32", "100.64.0.0/10", "fd00::/8"] {
            assert!(!is_outside(&block(text)), "{text}");
        }
        for text in ["0.0.0.0/0", "172.0.0.0/8", "203.0.113.7/32", "::/0", "2001:db8::/32"] {
            assert!(is_outside(&block(text)), "{text}");
        }
        assert!(is_public("203.0.113.7".parse().expect("an address")));
        assert!(!is_public("10.0.0.1".parse().expect("an address")));
    }
}
