//! The names of the lab's databases: each contains the instance of the lab that created it, so that the next lab
//! recognises what a killed one left in a server of the user. It connects to nothing.

use crate::process::lab_instance::LabInstance;

/// How the names begin; a mark of the lab instance follows.
const PREFIX: &str = "bakeoff_";

/// A name that no other database of this instance has. It needs no quotes in SQL.
pub(super) fn new(instance: LabInstance) -> String {
    format!("{PREFIX}{}", instance.next_mark().replace(['-', '/'], "_"))
}

/// The lab instance in the name of a database, if it is a lab's.
pub(super) fn instance_of(database: &str) -> Option<LabInstance> {
    let (instance, _serial) = database.strip_prefix(PREFIX)?.rsplit_once('_')?;
    instance.replace('_', "-").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{instance_of, new};
    use crate::process::lab_instance::LabInstance;

    #[test]
    fn the_name_of_a_labs_database_contains_its_instance_and_a_users_does_not() {
        let instance = LabInstance::this();
        assert_eq!(instance_of(&new(instance)), Some(instance));
        assert_ne!(new(instance), new(instance));
        assert_eq!(instance_of("bakeoff_orders"), None);
        assert_eq!(instance_of("orders"), None);
    }
}
