//! The kinds of organisations, of posts and of what joins them, each with its code and its two
//! labels, and what may belong to what.

use crate::codes::codes;

codes! {
    /// What an organisation is.
    OrganizationKind, pub enum OrgKind {
        /// Leading party group: 党组.
        PartyGroup = "party_group" "党组" "leading party group";
        /// Chair meeting: 主席会议.
        ChairMeeting = "chair_meeting" "主席会议" "chair meeting";
        /// Special committee: 专门委员会.
        Committee = "committee" "专门委员会" "special committee";
        /// Sector: 界别.
        Sector = "sector" "界别" "sector";
        /// Group: 活动小组.
        Group = "group" "活动小组" "group";
        /// Department: 承办部门.
        Department = "department" "承办部门" "department";
        /// A county's own conference: 县(区)政协.
        CountyConference = "county_conference" "县(区)政协" "county conference";
        /// Functional party branch: 功能型党支部.
        PartyBranch = "party_branch" "功能型党支部" "functional party branch";
        /// Liaison centre: 委员联络服务中心.
        LiaisonCentre = "liaison_centre" "委员联络服务中心" "liaison centre";
    }
}

impl OrgKind {
    /// What an organisation of this kind may belong to.
    pub const fn parents(self) -> &'static [OrgKind] {
        use OrgKind as K;
        match self {
            K::PartyGroup => &[K::CountyConference],
            K::ChairMeeting => &[K::PartyGroup, K::CountyConference],
            K::CountyConference => &[],
            K::Committee => &[K::PartyGroup, K::ChairMeeting, K::CountyConference],
            K::Sector => &[K::Committee, K::CountyConference],
            K::Group => &[K::Committee, K::Sector, K::Group, K::CountyConference],
            K::Department => &[K::Department, K::CountyConference],
            K::PartyBranch => &[K::PartyGroup, K::Committee, K::PartyBranch, K::CountyConference],
            K::LiaisonCentre => &[K::PartyGroup, K::ChairMeeting, K::CountyConference],
        }
    }

    /// Whether who is in one is for those alone to read who see the members of its city or county.
    pub const fn keeps_its_members(self) -> bool {
        matches!(self, OrgKind::PartyBranch | OrgKind::PartyGroup | OrgKind::Group)
    }

    /// What may be joined to an organisation of this kind through its links.
    pub const fn joins(self) -> &'static [LinkKind] {
        match self {
            OrgKind::Committee => &[LinkKind::CounterpartDepartment, LinkKind::ChairMember],
            OrgKind::PartyBranch => &[LinkKind::BranchMember],
            OrgKind::PartyGroup | OrgKind::Group => &[LinkKind::GroupMember],
            _ => &[],
        }
    }
}

codes! {
    /// What is joined to an organisation.
    OrganizationLinkKind, pub enum LinkKind {
        /// A department that a committee works with: 对口部门.
        CounterpartDepartment = "counterpart_department" "对口部门" "counterpart department";
        /// A member of the chair meeting who answers for a committee: 分工负责.
        ChairMember = "chair_member" "分工负责的主席会议成员" "chair-meeting member in charge";
        /// A member of a party branch: 支部党员.
        BranchMember = "branch_member" "支部党员" "member of the branch";
        /// A member of the party group or of an activity group: 党组成员、小组成员.
        GroupMember = "group_member" "党组、小组成员" "member of the group";
        /// The committee that guides a sector: 联系指导.
        Guidance = "guidance" "联系指导界别的专委会" "committee that guides the sector";
    }
}

codes! {
    /// What a post is.
    PostKind, pub enum PostKind {
        /// Convener: 召集人.
        Convener = "convener" "召集人" "convener";
        /// Deputy convener: 副召集人.
        DeputyConvener = "deputy_convener" "副召集人" "deputy convener";
        /// Director: 主任.
        Director = "director" "主任" "director";
        /// Deputy director: 副主任.
        DeputyDirector = "deputy_director" "副主任" "deputy director";
        /// Chair: 主席.
        Chair = "chair" "主席" "chair";
        /// Vice chair: 副主席.
        ViceChair = "vice_chair" "副主席" "vice chair";
        /// Another member of the chair meeting: 主席会议成员.
        ChairMember = "chair_member" "主席会议成员" "member of the chair meeting";
        /// Secretary: 书记.
        Secretary = "secretary" "书记" "secretary";
    }
}

impl PostKind {
    /// Whether an organisation of that kind has posts of this kind. Sectors and groups have conveners;
    /// only the chair meeting makes somebody one of its members.
    pub const fn fits(self, organization: OrgKind) -> bool {
        use OrgKind as K;
        match self {
            PostKind::Convener | PostKind::DeputyConvener => {
                matches!(organization, K::Sector | K::Group)
            }
            PostKind::Chair | PostKind::ViceChair | PostKind::ChairMember => {
                matches!(organization, K::ChairMeeting)
            }
            PostKind::Secretary => {
                matches!(organization, K::PartyGroup | K::PartyBranch | K::ChairMeeting)
            }
            PostKind::Director | PostKind::DeputyDirector => {
                matches!(organization, K::Committee | K::Department | K::LiaisonCentre)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_groups_departments_and_branches_belong_to_their_own_kind() {
        let own = OrgKind::ALL.into_iter().filter(|kind| kind.parents().contains(kind));
        let own: Vec<_> = own.collect();
        assert_eq!(own, [OrgKind::Group, OrgKind::Department, OrgKind::PartyBranch]);
    }

    #[test]
    fn kinds_do_not_belong_to_one_another_in_a_ring() {
        fn above(kind: OrgKind, seen: &[OrgKind]) {
            for parent in kind.parents().iter().filter(|parent| **parent != kind) {
                assert!(!seen.contains(parent), "{kind:?} under {seen:?}");
                above(*parent, &[seen, &[*parent]].concat());
            }
        }
        for kind in OrgKind::ALL {
            above(kind, &[kind]);
        }
    }

    #[test]
    fn every_kind_of_post_and_of_link_has_organisations_that_take_it() {
        for post in PostKind::ALL {
            assert!(OrgKind::ALL.into_iter().any(|kind| post.fits(kind)), "{post:?}");
        }
        let joins = |link| OrgKind::ALL.iter().any(|kind| kind.joins().contains(&link));
        let apart: Vec<_> = LinkKind::ALL.into_iter().filter(|link| !joins(*link)).collect();
        assert_eq!(apart, [LinkKind::Guidance], "it has an operation of its own");
    }
}
