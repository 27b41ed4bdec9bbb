//! Where the parts of an expression are: by node, so that of two equal words the right one is found.

use crate::expr::{Expr, Select};
use crate::problem::Role;

impl Expr {
    /// The place of a part of this expression, as [`Expr::walk`] comes to it.
    pub fn place_of(&self, part: &Expr) -> Option<usize> {
        let (mut next, mut found) = (0, None);
        self.walk(&mut |node| {
            if std::ptr::eq(node, part) {
                found = Some(next);
            }
            next += 1;
        });
        found
    }

    /// The words of the expression in the order in which they are written, each in its role and with the place of the part that it
    /// belongs to. An operator of a chain belongs to the operand after it.
    pub(crate) fn words(&self) -> Vec<(Role, usize)> {
        let mut words = Words { next: 0, found: Vec::new() };
        words.visit(self);
        words.found
    }
}

struct Words {
    next: usize,
    found: Vec<(Role, usize)>,
}

impl Words {
    fn visit(&mut self, expr: &Expr) {
        let own = self.next;
        self.next += 1;
        match expr {
            Expr::Null | Expr::Bool(_) | Expr::Interval(_) | Expr::Current(_) => {}
            Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) => self.found.push((Role::Literal, own)),
            Expr::Column(_) | Expr::Nextval(_) => self.found.push((Role::Use, own)),
            Expr::Qualified { .. } => self.found.extend([(Role::From, own), (Role::Use, own)]),
            Expr::Aggregate { arguments, .. } => {
                self.found.push((Role::Function, own));
                arguments.iter().for_each(|argument| self.visit(argument));
            }
            Expr::Query(query) => self.query(own, query),
            Expr::Exists(query) => {
                self.found.push((Role::Operator, own));
                self.query(own, query);
            }
            Expr::InQuery { operand, query, .. } => {
                self.after(own, operand, []);
                self.query(own, query);
            }
            Expr::Raw(_) => self.found.push((Role::Raw, own)),
            Expr::Array(list) | Expr::Row(list) => list.iter().for_each(|item| self.visit(item)),
            Expr::Call { arguments, .. } => {
                self.found.push((Role::Function, own));
                arguments.iter().for_each(|argument| self.visit(argument));
            }
            Expr::Unary { operand, .. } => {
                self.found.push((Role::Operator, own));
                self.visit(operand);
            }
            Expr::Binary { first, rest } => {
                self.visit(first);
                for (_, operand) in rest {
                    self.found.push((Role::Operator, self.next));
                    self.visit(operand);
                }
            }
            Expr::IsNull { operand, .. } | Expr::Is { operand, .. } | Expr::Cast { operand, .. } => {
                self.after(own, operand, []);
            }
            Expr::In { operand, list, .. } => self.after(own, operand, list),
            Expr::Between { operand, low, high, .. } => self.after(own, operand, [&**low, &**high]),
            Expr::Any { operand, array } => self.after(own, operand, [&**array]),
            Expr::AtTimeZone { operand, zone } => self.after(own, operand, [&**zone]),
            Expr::Case { operand, arms, otherwise } => {
                self.found.push((Role::Operator, own));
                operand.iter().for_each(|operand| self.visit(operand));
                for (when, then) in arms {
                    self.found.push((Role::Operator, self.next));
                    self.visit(when);
                    self.visit(then);
                }
                otherwise.iter().for_each(|otherwise| self.visit(otherwise));
            }
        }
    }

    /// The words of a query: its `select`, its tables with their other names after what it gives, and each condition of a join after
    /// its table. The other words of its clauses are not noted.
    fn query(&mut self, own: usize, query: &Select) {
        self.found.push((Role::Query, own));
        query.values.iter().for_each(|value| self.visit(value));
        for from in &query.from {
            self.found.push((Role::From, own));
            self.found.extend(from.alias.as_ref().map(|_| (Role::From, own)));
            from.join.condition().into_iter().for_each(|condition| self.visit(condition));
        }
        let rest = query.filter.iter().chain(&query.groups).chain(&query.having);
        rest.chain(query.order.iter().map(|order| &order.value)).for_each(|part| self.visit(part));
    }

    /// An operator after its operand, and what follows it.
    fn after<'e>(&mut self, own: usize, operand: &'e Expr, others: impl IntoIterator<Item = &'e Expr>) {
        self.visit(operand);
        self.found.push((Role::Operator, own));
        others.into_iter().for_each(|other| self.visit(other));
    }
}
