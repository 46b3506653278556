//! Why an organisation, or what is joined to it, is refused; of their dates speaks [`super::Refusal`].

use crate::codes::refusals;

/// Whether what is of `county`, or of the city where that is none, stands over what is of `beneath`.
pub fn over(county: Option<i32>, beneath: Option<i32>) -> bool {
    county.is_none() || county == beneath
}

refusals! {
    /// Why something of an organisation is refused, its dates apart.
    pub enum Refusal {
        UnderItself = "under_itself" at "/parent_id", "不得隶属于自身或其下级", "An organisation belongs neither to itself nor to what is beneath it.";
        WrongParent = "parent_kind" at "/parent_id", "此类组织不得隶属于该类上级", "This kind of organisation does not belong to that kind.";
        OtherCounty = "parent_county" at "/parent_id", "上级属于另一县(区)或县级,与本组织不一致", "What it belongs to is of another county.";
        GuideOfOtherCounty = "committee_county" at "/committee_id", "专委会属于另一县(区),不得联系指导本界别", "The committee is of another county than the sector.";
        AreaOfOtherCounty = "area_county" at "/division_code", "责任区不在负责方所属的县(区)", "The area lies in another county than who answers for it.";
        SectorOfOtherCounty = "sector_county" at "/sector_id", "该界别不属于该委员所在的县(区)", "The sector is not of the member's county.";
        ParentEnds = "parent_ends" at "/parent_id", "上级先于本组织终止", "What it belongs to ends before it does.";
        CountyMissing = "county_required" at "/county_code", "县(区)政协须写明县(区)", "A county's conference names its county.";
        WrongPost = "post_kind" at "/kind", "此类组织没有这种职务", "This kind of organisation has no such post.";
        WrongLink = "link_kind" at "/kind", "此类组织没有这种联系", "This kind of organisation has no such link.";
        NotOfChairMeeting = "not_of_chair_meeting" at "", "当日不是主席会议成员", "On that day it is no member of the chair meeting.";
        NotInBranch = "not_in_branch" at "", "该委员当日不在任何党支部", "On that day this member is in no party branch.";
        InBranch = "in_branch" at "/member_id", "对方当日在党支部,不是党外委员", "On that day the other is in a party branch.";
        HasChildren = "has_children" at "", "届时仍有下级组织", "Organisations that belong to it go on.";
        HasMembers = "has_members" at "", "届时仍有委员", "Members belong to it still.";
        GuidesSectors = "guides_sectors" at "", "届时仍联系指导界别", "It still guides sectors.";
    }
}
