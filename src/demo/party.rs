//! The party within the chain: who is in the functional branch (功能型党支部) of which committee, and
//! with whom outside the party each of them keeps in touch (党员委员联系党外委员).

use super::chain::Chain;
use super::data::{Committee, Sector};

/// The sector whose members all are of the party, and those of which nobody is.
const ALL: &str = "cpc";
const NONE: [&str; 2] = ["nonparty", "religion"];
/// Of the other sectors every nth.
const EVERY: usize = 4;
/// So many members outside the party each keeps in touch with: where the branch is small, some are left
/// over, and the list of gaps shows them.
const LED: usize = 3;

/// A committee's branch. Numbers are positions among the members.
pub struct Branch<'a> {
    /// The committee's code, and the branch's.
    pub code: &'a str,
    pub members: Vec<usize>,
    /// Who keeps in touch with whom.
    pub links: Vec<(usize, usize)>,
}

/// In the order of the committees.
pub fn branches<'a>(
    chain: &Chain,
    committees: &'a [Committee],
    sectors: &[Sector],
) -> Vec<Branch<'a>> {
    let of_party = |member: &usize| match sectors[chain.members[*member].sector].code.as_str() {
        ALL => true,
        code => !NONE.contains(&code) && member / sectors.len() % EVERY == 1,
    };
    let branch = |committee: &'a Committee| {
        let here =
            |member: &usize| sectors[chain.members[*member].sector].committee == committee.code;
        let (members, outside): (Vec<usize>, Vec<usize>) =
            (0..chain.members.len()).filter(here).partition(of_party);
        let leading = members.iter().copied().cycle().take(members.len() * LED);
        let links = leading.zip(outside).collect();
        Branch { code: &committee.code, members, links }
    };
    committees.iter().map(branch).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::demo::{chain, data};

    #[test]
    fn each_committee_has_a_branch_and_party_members_lead_none_of_their_own() {
        let (committees, sectors) = (data::committees().unwrap(), data::sectors().unwrap());
        let chain = chain::build(&data::divisions().unwrap(), &sectors).unwrap();
        let branches = branches(&chain, &committees, &sectors);
        let party: Vec<usize> = branches.iter().flat_map(|one| one.members.clone()).collect();
        let inside: BTreeSet<_> = party.iter().copied().collect();
        assert_eq!((party.len(), inside.len()), (81, 81), "nobody is in two branches");
        let links: Vec<_> = branches.iter().flat_map(|one| &one.links).collect();
        let led: BTreeSet<_> = links.iter().map(|(_, outside)| *outside).collect();
        assert_eq!((links.len(), led.len(), inside.intersection(&led).count()), (191, 191, 0));
        for branch in &branches {
            let leading: BTreeSet<_> = branch.links.iter().map(|(party, _)| *party).collect();
            assert!(branch.members.len() >= 3, "{}", branch.code);
            assert_eq!(leading, branch.members.iter().copied().collect(), "{}", branch.code);
        }
        // Who leads a branch is of it; who is in the party group, of the party.
        let position = |number: &str| chain.members.iter().position(|one| one.number == number);
        for post in data::posts().unwrap() {
            let Some(member) = post.member.as_deref().and_then(position) else { continue };
            if let Some(code) = post.organization.strip_prefix("party_branch/") {
                let branch = branches.iter().find(|one| one.code == code).unwrap();
                assert!(branch.members.contains(&member), "{code}");
            }
            if post.organization.starts_with("party_group/") {
                assert!(inside.contains(&member), "{}", post.title);
            }
        }
    }
}
