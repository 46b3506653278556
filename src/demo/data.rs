//! The files of `data/`, compiled in and read into types. A fault names its file and line.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[derive(Debug)]
pub struct DataError {
    pub file: &'static str,
    pub line: u64,
    pub message: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "data/{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for DataError {}

#[derive(Debug, Clone, Deserialize)]
pub struct Division {
    pub code: i64,
    pub name: String,
    /// province, city, county, township or village
    pub level: String,
    pub parent_code: Option<i64>,
}

impl Division {
    /// An urban community (社区). State farms have one each for their headquarters (场直社区), which
    /// the city's conference does not visit.
    pub fn is_community(&self) -> bool {
        self.level == "village" && self.name.ends_with("社区") && !self.name.contains("场直")
    }

    /// A village with a village committee; not the sections of farms and forestry bureaus.
    pub fn is_village(&self) -> bool {
        self.level == "village" && self.name.ends_with("村委会")
    }

    /// A subdistrict or town, where enterprises have their seats.
    pub fn is_town(&self) -> bool {
        self.level == "township" && (self.name.ends_with("街道") || self.name.ends_with('镇'))
    }
}

/// A day that differs from Monday to Friday.
#[derive(Debug, Clone, Deserialize)]
pub struct Workday {
    pub date: NaiveDate,
    /// holiday or workday
    pub kind: String,
    #[serde(rename = "holiday")]
    pub name: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Committee {
    pub code: String,
    pub name: String,
    pub position: i16,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Sector {
    pub code: String,
    pub name: String,
    /// Code of the committee that guides it.
    pub committee: String,
    /// Where its members typically work.
    pub unit: String,
    pub position: i16,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Department {
    pub code: String,
    pub name: String,
    pub position: i16,
}

/// An organisation beside committees, sectors and departments. Others are named by kind and code:
/// `sector/health`.
#[derive(Debug, Clone, Deserialize)]
pub struct Organ {
    pub kind: String,
    pub code: String,
    pub name: String,
    /// What it belongs to; it stands further up, in this file or in theirs.
    pub parent: Option<String>,
    /// Empty at city level.
    pub county: Option<i64>,
    pub position: i16,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Post {
    pub organization: String,
    pub kind: String,
    pub title: String,
    /// The number of who holds it; empty: vacant.
    pub member: Option<String>,
}

/// What is joined to an organisation.
#[derive(Debug, Clone, Deserialize)]
pub struct Link {
    pub organization: String,
    pub kind: String,
    /// An organisation, or the number of a member.
    pub other: String,
}

/// An area of a member of the chair meeting.
#[derive(Debug, Clone, Deserialize)]
pub struct ChairArea {
    /// Their number.
    pub member: String,
    pub name: String,
    pub division: i64,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Label {
    pub code: String,
    pub label_zh: String,
    pub label_en: String,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Scheme {
    pub kind: String,
    pub name: String,
    pub description: String,
    pub from: NaiveDate,
    pub channels: Vec<Label>,
    pub must_visits: Vec<Label>,
}

/// Points and caps are decimal strings, as in the API.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct RuleSet {
    pub name: String,
    pub description: String,
    pub from: NaiveDate,
    pub categories: Vec<RuleCategory>,
    pub rules: Vec<Rule>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct RuleCategory {
    pub code: String,
    pub label_zh: String,
    pub label_en: String,
    pub cap: Option<String>,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Rule {
    pub code: String,
    pub category: String,
    pub event_kind: String,
    pub label_zh: String,
    pub label_en: String,
    pub points: String,
    pub cap: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Duration {
    pub urgency: String,
    pub step: String,
    pub amount: i16,
    /// wd, d or h
    pub unit: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct CityCode {
    pub list: String,
    pub code: String,
    pub label_zh: String,
    pub label_en: String,
    pub note_zh: Option<String>,
    pub note_en: Option<String>,
    pub position: i16,
}

/// What a visit may be about, and whom it needs.
#[derive(Debug, Clone, Deserialize)]
pub struct Subject {
    pub must_visit: String,
    pub channel: String,
    /// A category of contacts, or any, or none.
    pub contact: String,
    pub form: String,
    pub member_role: String,
    /// The only month it fits, such as that of a festival.
    pub month: Option<u32>,
    pub subject: String,
    pub summary: String,
}

/// One item of the ledger, in the order of arrival.
#[derive(Debug, Clone, Deserialize)]
pub struct IssueRow {
    pub title: String,
    pub body: String,
    pub category: String,
    pub urgency: String,
    /// Codes separated by `;`: one is a sole work order, several are separate ones.
    pub departments: String,
    pub channel: String,
    pub division: i64,
    /// dispatched, or accepted (settled on the spot, never transferred)
    pub outcome: String,
    pub result_class: String,
    /// Empty: the reporter was not reached.
    pub satisfaction: Option<String>,
    pub cause: Option<String>,
    /// yes or no
    pub sent_back: String,
}

impl IssueRow {
    pub fn is_dispatched(&self) -> bool {
        self.outcome == "dispatched"
    }

    pub fn departments(&self) -> impl Iterator<Item = &str> {
        self.departments.split(';').filter(|code| !code.is_empty())
    }
}

macro_rules! csv_file {
    ($(#[$doc:meta])* $name:ident, $row:ty, $file:literal) => {
        $(#[$doc])*
        pub fn $name() -> Result<Vec<$row>, DataError> {
            read_csv($file, include_str!(concat!("../../data/", $file)))
        }
    };
}

csv_file!(divisions, Division, "divisions.csv");
csv_file!(workdays, Workday, "workdays.csv");
csv_file!(durations, Duration, "city/durations.csv");
csv_file!(city_codes, CityCode, "city/codes.csv");
csv_file!(committees, Committee, "hegang/committees.csv");
csv_file!(sectors, Sector, "hegang/sectors.csv");
csv_file!(departments, Department, "hegang/departments.csv");
csv_file!(organs, Organ, "hegang/organs.csv");
csv_file!(posts, Post, "hegang/posts.csv");
csv_file!(links, Link, "hegang/links.csv");
csv_file!(chair_areas, ChairArea, "hegang/chair_areas.csv");
csv_file!(subjects, Subject, "hegang/subjects.csv");
csv_file!(issues, IssueRow, "hegang/issues.csv");

pub fn scheme() -> Result<Scheme, DataError> {
    read_json("hegang/scheme.json", include_str!("../../data/hegang/scheme.json"))
}

pub fn rule_set() -> Result<RuleSet, DataError> {
    read_json("hegang/rules.json", include_str!("../../data/hegang/rules.json"))
}

fn read_csv<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<T>, DataError> {
    let read: Result<Vec<T>, _> =
        csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect();
    read.map_err(|error| {
        let line = error.position().map_or(0, csv::Position::line);
        DataError { file, line, message: error.to_string() }
    })
}

fn read_json<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T, DataError> {
    serde_json::from_str(text).map_err(|error| DataError {
        file,
        line: u64::try_from(error.line()).unwrap_or(0),
        message: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_has_five_channels_and_eight_must_visits_and_says_it_is_unofficial() {
        let scheme = scheme().unwrap();
        assert_eq!((scheme.channels.len(), scheme.must_visits.len()), (5, 8));
        assert!(scheme.name.contains("非官方示例") && scheme.description.contains("非官方示例"));
    }

    #[test]
    fn every_cell_of_the_duration_table_but_one_is_filled() {
        let durations = durations().unwrap();
        assert_eq!(durations.len(), 4 * 14 - 1);
        assert!(durations.iter().all(|row| ["wd", "d", "h"].contains(&row.unit.as_str())));
    }

    #[test]
    fn seven_committees_guide_two_sectors_each() {
        let (committees, sectors) = (committees().unwrap(), sectors().unwrap());
        assert_eq!((committees.len(), sectors.len()), (7, 14));
        for committee in committees {
            assert_eq!(sectors.iter().filter(|s| s.committee == committee.code).count(), 2);
        }
    }

    #[test]
    fn codes_of_subjects_issues_and_rules_exist() {
        let (scheme, codes) = (scheme().unwrap(), city_codes().unwrap());
        let channels: Vec<_> = scheme.channels.iter().map(|l| &l.code).collect();
        let must_visits: Vec<_> = scheme.must_visits.iter().map(|l| &l.code).collect();
        for subject in subjects().unwrap() {
            assert!(channels.contains(&&subject.channel), "{}", subject.subject);
            assert!(must_visits.contains(&&subject.must_visit), "{}", subject.subject);
        }
        let departments = departments().unwrap();
        let divisions = divisions().unwrap();
        for issue in issues().unwrap() {
            assert!(codes.iter().any(|c| c.list == "issue_category" && c.code == issue.category));
            assert!(issue.departments().all(|code| departments.iter().any(|d| d.code == code)));
            assert!(divisions.iter().any(|d| d.code == issue.division), "{}", issue.title);
        }
        let rules = rule_set().unwrap();
        for rule in &rules.rules {
            assert!(rules.categories.iter().any(|c| c.code == rule.category), "{}", rule.code);
        }
    }

    #[test]
    fn a_fault_names_file_and_line() {
        let fault =
            read_csv::<Committee>("x.csv", "code,name,position\na,b,1\na,b,c\n").unwrap_err();
        assert_eq!((fault.file, fault.line), ("x.csv", 3));
    }
}
