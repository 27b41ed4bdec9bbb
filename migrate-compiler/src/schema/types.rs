//! The enums that are the types of something in a schema.

use crate::name::Name;
use crate::objects::{Kind, Object};
use crate::schema::{Schema, Typed};
use crate::types::EnumType;

impl Schema {
    /// Looks up the values of the enums among the types of a part; one that is not there has none.
    pub fn resolve(&self, part: &mut impl Typed) {
        part.each_type(&mut |ty| {
            let Some(of) = ty.as_enum_mut() else { return };
            of.values = self.values_of(&of.name).unwrap_or_default().to_vec();
        });
    }

    /// The values of an enum.
    pub fn values_of(&self, name: &Name) -> Option<&[String]> {
        if let Some(Object::Enum(known)) = self.object(Kind::Enum, name) { Some(&known.values) } else { None }
    }

    /// Changes the enum of this name wherever it is the type of something.
    pub fn change_types_of(&mut self, name: &Name, change: impl Fn(&mut EnumType)) {
        let tables: Vec<Name> = self.tables().typed(name).map(|(table, _)| table.clone()).collect();
        for table in tables {
            self.change(&table, |table| {
                table.each_type(&mut |ty| ty.as_enum_mut().filter(|of| of.name == *name).into_iter().for_each(&change));
            });
        }
    }
}
