//! What somebody may be, and where: the roles, the places they are held at, and the two together.

use uuid::Uuid;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $word:literal $zh:literal $en:literal;)*) => {
        /// What an account or a client may be. `public`, without an account, is no role.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $name,)* }
        impl Role {
            /// Every role.
            pub const ALL: &'static [Role] = &[$(Role::$name,)*];
            /// The stable word.
            pub const fn as_str(self) -> &'static str { match self { $(Role::$name => $word,)* } }
            /// The role of that word.
            pub fn parse(word: &str) -> Option<Role> {
                match word { $($word => Some(Role::$name),)* _ => None }
            }
            /// Chinese and English label.
            pub const fn label(self) -> (&'static str, &'static str) {
                match self { $(Role::$name => ($zh, $en),)* }
            }
        }
    };
}

roles! {
    /// Accounts, catalogue, the chain, schemes, rule sets.
    Admin = "admin" "系统管理员" "Administrator";
    /// The hub: screens, dispatches, closes.
    LiaisonCentre = "liaison_centre" "委员联络中心" "Liaison centre";
    /// A member of the chair meeting: reads the city.
    ChairMember = "chair_member" "主席会议成员" "Chair-meeting member";
    /// Works for a special committee.
    CommitteeStaff = "committee_staff" "专委会工作人员" "Committee staff";
    /// Works for a county's conference.
    CountyStaff = "county_staff" "县级政协工作人员" "County staff";
    /// Heads a sector.
    Convener = "convener" "界别召集人" "Sector convener";
    /// A member of the conference.
    Member = "member" "政协委员" "Member";
    /// Signs for what is assigned to a department.
    DeptReceiver = "dept_receiver" "部门签收人" "Department receiver";
    /// Handles it.
    DeptHandler = "dept_handler" "部门承办人" "Department handler";
    /// Signs the department's reply.
    DeptHead = "dept_head" "部门负责人" "Department head";
    /// Watches deadlines.
    Supervisor = "supervisor" "督办人员" "Supervisor";
    /// Reads everything, changes nothing.
    Auditor = "auditor" "审计人员" "Auditor";
    /// A machine.
    Client = "client" "接口客户端" "Client";
    /// Ourselves.
    Scheduler = "scheduler" "定时任务" "Scheduler";
}

/// Where a role is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The whole city.
    City,
    /// A county, by its six-digit code.
    County(i32),
    /// A special committee.
    Committee(Uuid),
    /// A sector.
    Sector(Uuid),
    /// One member's own.
    Member(Uuid),
    /// A department.
    Department(Uuid),
}

impl Place {
    /// The stable word of its kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::County(_) => "county",
            Self::Committee(_) => "committee",
            Self::Sector(_) => "sector",
            Self::Member(_) => "member",
            Self::Department(_) => "department",
        }
    }

    /// The organisation or member it names.
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::City | Self::County(_) => None,
            Self::Committee(id) | Self::Sector(id) | Self::Member(id) | Self::Department(id) => {
                Some(id)
            }
        }
    }

    /// The county it names.
    pub fn code(self) -> Option<i32> {
        match self {
            Self::County(code) => Some(code),
            _ => None,
        }
    }

    /// The place that a row of `grants` names.
    pub fn from_row(kind: &str, id: Option<Uuid>, code: Option<i32>) -> Option<Self> {
        Some(match (kind, id, code) {
            ("city", None, None) => Self::City,
            ("county", None, Some(code)) => Self::County(code),
            ("committee", Some(id), None) => Self::Committee(id),
            ("sector", Some(id), None) => Self::Sector(id),
            ("member", Some(id), None) => Self::Member(id),
            ("department", Some(id), None) => Self::Department(id),
            _ => return None,
        })
    }
}

/// A role held at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where.
    pub place: Place,
}

impl Grant {
    /// Whether the role can be held at such a place at all. A grant that does not fit gives
    /// nothing: a member "of the city" would otherwise see every member's.
    pub fn fits(self) -> bool {
        match self.role {
            Role::Admin | Role::LiaisonCentre | Role::ChairMember => self.place == Place::City,
            Role::Auditor | Role::Scheduler => self.place == Place::City,
            Role::CommitteeStaff => matches!(self.place, Place::Committee(_)),
            Role::CountyStaff => matches!(self.place, Place::County(_)),
            Role::Convener => matches!(self.place, Place::Sector(_)),
            Role::Member => matches!(self.place, Place::Member(_)),
            Role::DeptReceiver | Role::DeptHandler | Role::DeptHead => {
                matches!(self.place, Place::Department(_))
            }
            Role::Supervisor => matches!(self.place, Place::City | Place::County(_)),
            Role::Client => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(*role));
        }
        assert_eq!(Role::parse("public"), None);
    }

    #[test]
    fn every_place_reads_back_from_its_row() {
        let id = Uuid::from_u128(7);
        for place in [
            Place::City,
            Place::County(230_403),
            Place::Committee(id),
            Place::Sector(id),
            Place::Member(id),
            Place::Department(id),
        ] {
            assert_eq!(Place::from_row(place.kind(), place.id(), place.code()), Some(place));
        }
        assert_eq!(Place::from_row("city", Some(id), None), None);
    }
}
