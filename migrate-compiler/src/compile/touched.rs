//! What a stage of a plan does to tables that others use. A table that the migration created is not in use yet.

use migrate_history::{Rest, Text, Touched, Touches, Work};

use crate::compile::strategy::{Site, Stage, left_before};
use crate::ddl::Ddl;
use crate::name::Name;
use crate::sql::registry::dialect;
use crate::sql::touch::touches;

/// What a stage touches.
pub(super) fn touched(site: Site<'_>, stage: &Stage) -> Touches {
    let dialect = dialect(site.database);
    let tables = match stage {
        Stage::Joined(ddl) | Stage::Apart(ddl) | Stage::Program(ddl, _) => dialect.touches(ddl, site.before),
        Stage::Online(online) => dialect.touches_online(online, site.before),
    };
    let left = match stage {
        Stage::Joined(Ddl::DropTable { name }) => left_before(site, name),
        Stage::Joined(_) | Stage::Apart(_) | Stage::Online(_) | Stage::Program(..) => Vec::new(),
    };
    let known = touches(tables.into_iter().filter(|touch| site.is_used(&touch.table) && !left.contains(&touch.table)));
    Touches { rest: rest(stage), ..known }
}

/// What is unknown of it.
fn rest(stage: &Stage) -> Rest {
    match stage {
        Stage::Joined(Ddl::Raw { .. }) | Stage::Apart(Ddl::Raw { .. }) => Rest::RawSql,
        Stage::Program(..) => Rest::Program,
        Stage::Joined(_) | Stage::Apart(_) | Stage::Online(_) => Rest::Nothing,
    }
}

/// The same where these tables turn out to be rebuilt.
pub(super) fn rebuilt(mut known: Touches, tables: &[&Name]) -> Touches {
    let is_one = |touched: &&mut Touched| tables.iter().any(|table| **table == name(touched));
    known.tables.to_mut().iter_mut().filter(is_one).for_each(|touched| touched.work = Work::Rewrite);
    known
}

/// The same, where some tables have another name than before; of each, that name and the one before.
pub(super) fn under_earlier_names(mut known: Touches, renamed: &[[Name; 2]]) -> Touches {
    for touched in known.tables.to_mut() {
        if let Some([_, earlier]) = renamed.iter().find(|[to, _]| *to == name(touched)) {
            touched.schema = earlier.schema.clone().map(Text::from);
            touched.table = earlier.name.clone().into();
        }
    }
    known
}

fn name(touched: &Touched) -> Name {
    Name { schema: touched.schema.as_deref().map(str::to_owned), name: touched.table.to_string() }
}
