//! Words that are stored, spoken and labelled: one macro for every closed set of them.

/// Makes an enum of codes, each with its Chinese and its English label. The first word is its name in
/// the OpenAPI document.
macro_rules! codes {
    (
        $(#[$doc:meta])*
        $schema:ident, pub enum $name:ident {
            $($(#[$what:meta])* $variant:ident = $code:tt $zh:tt $en:tt;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        #[schema(as = $schema)]
        pub enum $name {
            $($(#[$what])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every one, in the order of the work.
            pub const ALL: [$name; [$($code),*].len()] = [$($name::$variant),*];

            /// The code, as stored and as spoken in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }

            /// The one with this code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.as_str() == code)
            }

            /// The label in Chinese and in English.
            pub const fn label(self) -> (&'static str, &'static str) {
                match self { $($name::$variant => ($zh, $en),)* }
            }
        }
    };
}

/// Makes the enum of why a room's guards refuse: each a stable code, the pointer to what is wrong
/// (empty for the whole), and a sentence in Chinese and in English, which is its documentation too.
macro_rules! refusals {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($variant:ident = $code:tt at $pointer:tt, $zh:tt, $en:tt;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = $en] $variant,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: [$name; [$($code),*].len()] = [$($name::$variant),*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }

            /// The pointer to what is wrong; empty for the whole.
            pub const fn pointer(self) -> &'static str {
                match self { $($name::$variant => $pointer,)* }
            }

            /// The sentence in Chinese and in English.
            pub const fn detail(self) -> (&'static str, &'static str) {
                match self { $($name::$variant => ($zh, $en),)* }
            }
        }

        impl From<$name> for crate::error::Fault {
            fn from(refusal: $name) -> Self {
                let (zh, en) = refusal.detail();
                Self::new(refusal.pointer(), refusal.code(), zh, en)
            }
        }
    };
}

pub(crate) use {codes, refusals};
