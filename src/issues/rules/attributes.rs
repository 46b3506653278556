//! What an issue has beside its state, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// How an issue came in.
    Channel, pub enum Channel {
        /// Visit: 走访.
        Visit = "visit" "走访" "visit";
        /// Salon: 界别沙龙.
        Salon = "salon" "界别沙龙" "salon";
        /// Station: 委员工作站.
        Station = "station" "委员工作站" "station";
        /// Hotline 12345: 12345热线.
        Hotline12345 = "hotline_12345" "12345热线" "hotline 12345";
        /// Platform: 我在你身边平台.
        Platform = "platform" "我在你身边平台" "platform";
        /// App: 履职通.
        App = "app" "履职通" "app";
        /// Import: 导入.
        Import = "import" "导入" "import";
        /// Public: 群众来件.
        Public = "public" "群众来件" "public";
    }
}

codes! {
    /// What the reporter says of the outcome.
    Satisfaction, pub enum Satisfaction {
        /// Satisfied: 满意.
        Satisfied = "satisfied" "满意" "satisfied";
        /// Basically satisfied: 基本满意.
        BasicallySatisfied = "basically_satisfied" "基本满意" "basically satisfied";
        /// Dissatisfied: 不满意.
        Dissatisfied = "dissatisfied" "不满意" "dissatisfied";
    }
}

codes! {
    /// Why a reporter is dissatisfied.
    Cause, pub enum Cause {
        /// The department could have done more: 主观原因.
        Subjective = "subjective" "主观原因" "the department could have done more";
        /// Beyond the department's power: 客观原因.
        Objective = "objective" "客观原因" "beyond the department's power";
    }
}

codes! {
    /// How an issue is given out: to one department, or in separate parts.
    DispatchShape, pub enum Shape {
        /// Sole: 单办.
        Sole = "sole" "单办" "sole";
        /// Separate: 分办.
        Separate = "separate" "分办" "separate";
    }
}
