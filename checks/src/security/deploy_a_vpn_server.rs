//! `security/deploy-a-vpn-server`: people reach internal services by a way that knows who they are.

use crate::{Account, Decides, Evidence, FactKind, Item, Reference, Unreadable};

/// `security/deploy-a-vpn-server`
pub const ITEM: Item = Item {
    id: "security/deploy-a-vpn-server",
    title: "Deploy a VPN Server",
    decides: Decides::Partly,
    what: "People reach internal services through a VPN or an access proxy that knows who they are, with a \
           second factor.",
    why: "Internal tools that are published instead, because that is easier, are attacked like public \
           ones and are seldom built for it.",
    confirm: "Name the way into the network: AWS Client VPN, a site-to-site connection, Verified Access, or a \
           product of your own. Check that leavers lose it the same day.",
    references: &[
        Reference {
            title: "What is AWS Client VPN?",
            url: "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is.html",
        },
        Reference {
            title: "What is AWS Verified Access?",
            url: "https://docs.aws.amazon.com/verified-access/latest/ug/what-is-verified-access.html",
        },
    ],
    rules: &[],
    evidence: &[&CLIENT_VPN_ENDPOINTS, &VPN_CONNECTIONS, &SESSION_MANAGER],
    pending: &[],
};

static CLIENT_VPN_ENDPOINTS: Evidence = Evidence {
    id: "client-vpn-endpoints",
    title: "Client VPN endpoints",
    needs: &[FactKind::ClientVpnEndpoints],
    gather: client_vpn_endpoints,
};

fn client_vpn_endpoints(account: &Account) -> Result<Vec<String>, Unreadable> {
    let mut seen = Vec::new();
    for region in &account.regions {
        for endpoint in region.client_vpn_endpoints()? {
            let logs = if endpoint.logs_connections { "connections are logged" } else { "connections are not logged" };
            seen.push(format!("{:.40} ({:.20}, {logs}) in {}", endpoint.id, endpoint.state, region.name));
        }
    }
    Ok(seen)
}

static VPN_CONNECTIONS: Evidence = Evidence {
    id: "vpn-connections",
    title: "Site-to-site VPN connections",
    needs: &[FactKind::VpnConnections],
    gather: vpn_connections,
};

fn vpn_connections(account: &Account) -> Result<Vec<String>, Unreadable> {
    let mut seen = Vec::new();
    for region in &account.regions {
        for vpn in region.vpn_connections()?.iter().filter(|vpn| vpn.state != "deleted") {
            let tunnels = if vpn.tunnels_up == 1 { "tunnel" } else { "tunnels" };
            seen.push(format!(
                "{:.40} ({:.20}, {} {tunnels} up) in {}",
                vpn.id, vpn.state, vpn.tunnels_up, region.name
            ));
        }
    }
    Ok(seen)
}

static SESSION_MANAGER: Evidence = Evidence {
    id: "session-manager",
    title: "Machines that Session Manager reaches",
    needs: &[FactKind::ManagedInstances],
    gather: |account: &Account| {
        let mut seen = Vec::new();
        for region in &account.regions {
            let online = region.managed_instances()?.iter().filter(|machine| machine.online).count();
            if online > 0 {
                seen.push(format!("{online} in {}", region.name));
            }
        }
        Ok(seen)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{ClientVpnEndpoint, ManagedInstance, VpnConnection};
    use crate::testing::{region, unreadable, with_regions};
    use crate::{Reading, Region};

    #[test]
    fn what_there_is_is_shown_and_what_is_unread_is_told() {
        let endpoint = ClientVpnEndpoint {
            id: "cvpn-endpoint-1".to_owned(),
            state: "available".to_owned(),
            logs_connections: true,
        };
        let vpn = |id: &str, state: &str, tunnels_up| VpnConnection {
            id: id.to_owned(),
            state: state.to_owned(),
            tunnels_up,
        };
        let account = with_regions(vec![Region {
            client_vpn_endpoints: Reading::Read(vec![endpoint]),
            vpn_connections: Reading::Read(vec![vpn("vpn-1", "available", 2), vpn("vpn-2", "deleted", 0)]),
            managed_instances: Reading::Read(vec![ManagedInstance { id: "i-1".to_owned(), online: true }]),
            ..region("eu-west-1")
        }]);
        assert_eq!(
            client_vpn_endpoints(&account),
            Ok(vec!["cvpn-endpoint-1 (available, connections are logged) in eu-west-1".to_owned()])
        );
        assert_eq!(vpn_connections(&account), Ok(vec!["vpn-1 (available, 2 tunnels up) in eu-west-1".to_owned()]));
        assert_eq!((SESSION_MANAGER.gather)(&account), Ok(vec!["1 in eu-west-1".to_owned()]));
        let account = with_regions(vec![Region {
            managed_instances: unreadable(),
            client_vpn_endpoints: unreadable(),
            vpn_connections: unreadable(),
            ..region("eu-west-1")
        }]);
        assert!((SESSION_MANAGER.gather)(&account).is_err());
        assert!(client_vpn_endpoints(&account).is_err() && vpn_connections(&account).is_err());
    }
}
