//! What a contact is the head of.

/// The city's own list of categories, beside the built-in ones.
pub const CATEGORIES: &str = "contact_category";

/// The category of a contact that every city has, as `contacts.category` keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactCategory {
    /// A key enterprise: 重点企业.
    KeyEnterprise,
    /// A community: 社区.
    Community,
    /// A village: 村屯.
    Village,
}

/// A word as files are read: blanks, dividers and case do not count.
pub fn plain_word(word: &str) -> String {
    let counts = |sign: &char| !sign.is_whitespace() && !matches!(sign, '/' | '-' | '·' | '>');
    word.chars().filter(counts).collect::<String>().to_lowercase()
}

impl ContactCategory {
    /// Every one.
    pub const ALL: [ContactCategory; 3] =
        [ContactCategory::KeyEnterprise, ContactCategory::Community, ContactCategory::Village];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            ContactCategory::KeyEnterprise => {
                ("key_enterprise", "重点企业负责人", "head of a key enterprise")
            }
            ContactCategory::Community => ("community", "社区主任", "community director"),
            ContactCategory::Village => ("village", "村党支部书记", "village secretary"),
        }
    }

    /// The code, as stored and as spoken in JSON.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The one with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == code)
    }

    /// How people and files name it: code, labels, and in fewer words as offices do.
    pub fn words(self) -> impl Iterator<Item = &'static str> + Clone {
        let (code, zh, en) = self.row();
        let short: &[&str] = match self {
            ContactCategory::KeyEnterprise => &["重点企业", "企业"],
            ContactCategory::Community => &["社区"],
            ContactCategory::Village => &["村", "村屯", "行政村", "村书记"],
        };
        [code, zh, en].into_iter().chain(short.iter().copied())
    }

    /// The label in Chinese and in English.
    pub const fn label(self) -> (&'static str, &'static str) {
        (self.row().1, self.row().2)
    }
}
