//! Examples of the operations on indexes.

use crate::example::{self, Examples};
use crate::expr::Expr;
use crate::operation::{CreateIndex, DropIndex, Operation, RenameIndex};
use crate::schema::{Index, Key, Schema};

impl Examples for CreateIndex {
    fn examples() -> Vec<(Schema, Operation)> {
        let create = |table: &str, index| (example::schema(), CreateIndex { table: table.into(), index }.into());
        let key = |value, descending, nulls_first| Key { value, descending, nulls_first, class: None };
        let lower = Expr::Call { function: "lower".into(), arguments: vec![Expr::column("nickname")] };
        let expression = Index { unique: true, keys: vec![key(lower, false, None)], ..example::index([]) };
        let filter = Expr::IsNull { operand: Box::new(Expr::column("score")), negated: true };
        let newest = vec![key(Expr::column("user_id"), false, None), key(Expr::column("score"), true, Some(false))];
        let partial = Index { keys: newest, filter: Some(filter), ..example::index([]) };
        let mut all = vec![create("posts", example::index(["title"])), create("users", expression), create("posts", partial)];
        let alone = |table: &str, index| (example::postgres(), CreateIndex { table: table.into(), index }.into());
        let pattern = Key { class: Some("text_pattern_ops".into()), ..key(Expr::column("nickname"), false, None) };
        let covering = Index { keys: vec![pattern], include: vec!["email".into()], ..example::index([]) };
        let single = Index { unique: true, nulls_not_distinct: true, ..example::index(["nickname", "active"]) };
        let hashed = Index { method: Some("hash".into()), ..example::index(["title"]) };
        all.extend([alone("users", covering), alone("users", single), alone("posts", hashed)]);
        all
    }
}

impl Examples for DropIndex {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), DropIndex { name: "posts_user_id_title_idx".into() }.into())]
    }
}

impl Examples for RenameIndex {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), RenameIndex { from: "users_nickname_idx".into(), to: "by_nickname".into() }.into())]
    }
}
