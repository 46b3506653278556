//! The words of persons, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// How somebody is reached.
    ContactPointKind, pub enum ContactPointKind {
        /// Mobile phone: 手机.
        Mobile = "mobile" "手机" "mobile phone";
        /// Landline: 固定电话.
        Landline = "landline" "固定电话" "landline";
        /// WeChat: 微信.
        Wechat = "wechat" "微信" "WeChat";
        /// Email: 电子邮箱.
        Email = "email" "电子邮箱" "email";
        /// Postal address: 地址.
        Address = "address" "地址" "postal address";
    }
}

codes! {
    /// What an identifier is one of.
    IdentifierScheme, pub enum Scheme {
        /// Resident identity card: 居民身份证.
        ResidentId = "resident_id" "居民身份证" "resident identity card";
        /// Passport: 护照.
        Passport = "passport" "护照" "passport";
        /// Travel or residence permit of Hong Kong, Macao and Taiwan: 港澳台居民证件.
        Permit = "permit" "港澳台居民证件" "permit of Hong Kong, Macao or Taiwan";
        /// Number of an employer: 工号.
        StaffNumber = "staff_number" "工号" "staff number";
        /// Of another register: 其他编号.
        Other = "other" "其他编号" "other register";
    }
}
