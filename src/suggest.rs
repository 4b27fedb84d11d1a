//! Suggestions for mistyped names.

/// `; did you mean `x`?` for the known name nearest to `name`, or nothing when none is near.
pub fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    known
        .into_iter()
        .map(|candidate| (similarity(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.7)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

/// How alike two names are, from 0 to 1. A slug without its section counts as much as the whole id.
fn similarity(name: &str, candidate: &str) -> f64 {
    let whole = strsim::jaro_winkler(name, candidate);
    let slug = candidate.split_once('/').map_or(0.0, |(_, slug)| strsim::jaro_winkler(name, slug));
    whole.max(slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_suggested_and_nothing_far() {
        let known = ["networking/set-up-vpcs", "networking/set-up-subnets", "security/create-iam-users"];
        assert_eq!(suggestion("networking/set-up-vpc", known), "; did you mean `networking/set-up-vpcs`?");
        assert_eq!(suggestion("set-up-vpcs", known), "; did you mean `networking/set-up-vpcs`?");
        assert_eq!(suggestion("zzzzz", known), "");
    }
}
