#include "embedded/access_store.h"

#include "base/box.h"

namespace garland::embedded {

namespace {

constexpr const char* kTables[] = {
    "garland_users(id INTEGER, name VARCHAR, createdb BOOLEAN, super BOOLEAN, unrestricted BOOLEAN, login BOOLEAN, "
    "verifier VARCHAR, valid_until VARCHAR, connection_limit INTEGER, session_timeout INTEGER, external_id VARCHAR)",
    "garland_user_settings(id INTEGER, place INTEGER, name VARCHAR, value VARCHAR)",
    "garland_groups(id INTEGER, name VARCHAR)",
    "garland_group_members(id INTEGER, member INTEGER)",
    "garland_roles(id INTEGER, name VARCHAR, owner INTEGER, external_id VARCHAR)",
    "garland_role_members(id INTEGER, place INTEGER, is_role BOOLEAN, member INTEGER, admin BOOLEAN)",
    "garland_owners(class SMALLINT, oid BIGINT, owner INTEGER)",
    "garland_grants(class SMALLINT, oid BIGINT, place INTEGER, privilege VARCHAR, attnum SMALLINT, grantee_class "
    "SMALLINT, grantee INTEGER, grantor INTEGER, option BOOLEAN)",
    "garland_policies(masking BOOLEAN, name VARCHAR, text VARCHAR, owner INTEGER)",
};

/// One INSERT of one row: values are bound, never text.
class NewRow {
 public:
  explicit NewRow(std::string table) : table_(std::move(table)) {}
  NewRow& number(int64_t value) { return add(duck::Value::bigint(value)); }
  NewRow& number(std::optional<int32_t> value) { return value ? number(int64_t{*value}) : add(duck::Value::null()); }
  NewRow& text(std::string_view value) { return add(duck::Value::text(value)); }
  void insert(duck::Connection& connection) {
    std::string marks;
    for (size_t i = 1; i <= values_.size(); ++i) marks += (i == 1 ? "$" : ", $") + std::to_string(i);
    connection.prepare("INSERT INTO w.main." + table_ + " VALUES (" + marks + ")").run(values_);
  }

 private:
  NewRow& add(duck::Value value) {
    values_.push_back(std::move(value));
    return *this;
  }
  std::string table_;
  std::vector<duck::Value> values_;
};

void remove(duck::Connection& connection, const char* table, int64_t id) {
  connection.query("DELETE FROM w.main." + std::string(table) + " WHERE id = " + std::to_string(id));
}

void remove(duck::Connection& connection, const char* table, const ObjectKey& object) {
  connection.query("DELETE FROM w.main." + std::string(table) + " WHERE class = " +
                   std::to_string(static_cast<int>(object.object_class)) + " AND oid = " + std::to_string(object.oid));
}

void drop(duck::Connection& connection, const DropUser& dropped) {
  remove(connection, "garland_users", dropped.id);
  remove(connection, "garland_user_settings", dropped.id);
}

void drop(duck::Connection& connection, const DropGroup& dropped) {
  remove(connection, "garland_groups", dropped.id);
  remove(connection, "garland_group_members", dropped.id);
}

void drop(duck::Connection& connection, const DropRole& dropped) {
  remove(connection, "garland_roles", dropped.id);
  remove(connection, "garland_role_members", dropped.id);
}

void drop(duck::Connection& connection, const DropPermissions& dropped) {
  remove(connection, "garland_owners", dropped.object);
  remove(connection, "garland_grants", dropped.object);
}

void drop(duck::Connection& connection, const DropPolicy& dropped) {
  std::vector<duck::Value> values;
  values.push_back(duck::Value::bigint(dropped.masking));
  values.push_back(duck::Value::text(dropped.name));
  connection.prepare("DELETE FROM w.main.garland_policies WHERE masking = $1::BOOLEAN AND name = $2").run(values);
}

void put(duck::Connection& connection, const Policy& policy) {
  drop(connection, DropPolicy{policy.masking, policy.name});
  NewRow row("garland_policies");
  row.number(policy.masking).text(policy.name).text(policy.text).number(policy.owner).insert(connection);
}

void put(duck::Connection& connection, const User& user) {
  drop(connection, DropUser{user.id});
  NewRow row("garland_users");
  row.number(user.id).text(user.name).number(user.create_db).number(user.super).number(user.unrestricted);
  row.number(user.login).text(user.verifier).text(user.valid_until).number(user.connection_limit);
  row.number(user.session_timeout_s).text(user.external_id).insert(connection);
  int place = 0;
  for (const auto& [name, value] : user.settings) {
    NewRow("garland_user_settings").number(user.id).number(++place).text(name).text(value).insert(connection);
  }
}

void put(duck::Connection& connection, const Group& group) {
  drop(connection, DropGroup{group.id});
  NewRow("garland_groups").number(group.id).text(group.name).insert(connection);
  for (const PrincipalId member : group.members) {
    NewRow("garland_group_members").number(group.id).number(member).insert(connection);
  }
}

void put(duck::Connection& connection, const Role& role) {
  drop(connection, DropRole{role.id});
  NewRow("garland_roles").number(role.id).text(role.name).number(role.owner).text(role.external_id).insert(connection);
  int place = 0;
  for (const RoleMember& member : role.members) {
    NewRow row("garland_role_members");
    row.number(role.id).number(++place).number(member.is_role).number(member.id).number(member.admin);
    row.insert(connection);
  }
}

void put(duck::Connection& connection, const PutPermissions& change) {
  drop(connection, DropPermissions{change.object});
  const auto object_class = static_cast<int64_t>(change.object.object_class);
  NewRow("garland_owners")
      .number(object_class)
      .number(change.object.oid)
      .number(change.permissions.owner)
      .insert(connection);
  int place = 0;
  for (const AclItem& item : change.permissions.acl) {
    NewRow row("garland_grants");
    row.number(object_class).number(change.object.oid).number(++place).text(item.privilege).number(item.attnum);
    row.number(static_cast<int64_t>(item.grantee_class)).number(item.grantee).number(item.grantor);
    row.number(item.option).insert(connection);
  }
}

/// The rows of a query whose columns are all BIGINT or VARCHAR.
struct Row {
  const engine::Batch& batch;
  size_t row;
  int64_t number(size_t column) const { return batch.columns[column].values<int64_t>()[row]; }
  bool is_null(size_t column) const { return batch.columns[column].is_null(row); }
  std::optional<int32_t> optional(size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(static_cast<int32_t>(number(column)));
  }
  std::string text(size_t column) const { return std::string(batch.columns[column].values<std::string_view>()[row]); }
};

template <class F>
void for_each(duck::Connection& connection, const std::string& sql, F&& read) {
  duck::Result result = connection.query(sql);
  while (const engine::Batch* batch = result.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) read(Row{*batch, row});
  }
}

std::map<PrincipalId, User> load_users(duck::Connection& connection) {
  std::map<PrincipalId, User> users;
  for_each(connection,
           "SELECT id::BIGINT, name, createdb::BIGINT, super::BIGINT, unrestricted::BIGINT, login::BIGINT, verifier, "
           "valid_until, connection_limit::BIGINT, session_timeout::BIGINT, external_id FROM w.main.garland_users",
           [&](const Row& row) {
             User user{static_cast<PrincipalId>(row.number(0)),
                       row.text(1),
                       row.number(2) != 0,
                       row.number(3) != 0,
                       row.number(4) != 0,
                       row.number(5) != 0,
                       row.text(6),
                       row.text(7),
                       row.optional(8),
                       row.optional(9),
                       row.text(10),
                       {}};
             users[user.id] = std::move(user);
           });
  for_each(connection, "SELECT id::BIGINT, name, value FROM w.main.garland_user_settings ORDER BY id, place",
           [&](const Row& row) {
             users[static_cast<PrincipalId>(row.number(0))].settings.emplace_back(row.text(1), row.text(2));
           });
  return users;
}

std::map<PrincipalId, Group> load_groups(duck::Connection& connection) {
  std::map<PrincipalId, Group> groups;
  for_each(connection, "SELECT id::BIGINT, name FROM w.main.garland_groups", [&](const Row& row) {
    const auto id = static_cast<PrincipalId>(row.number(0));
    groups[id] = {id, row.text(1), {}};
  });
  for_each(connection, "SELECT id::BIGINT, member::BIGINT FROM w.main.garland_group_members", [&](const Row& row) {
    groups[static_cast<PrincipalId>(row.number(0))].members.insert(static_cast<PrincipalId>(row.number(1)));
  });
  return groups;
}

std::map<PrincipalId, Role> load_roles(duck::Connection& connection) {
  std::map<PrincipalId, Role> roles;
  for_each(connection, "SELECT id::BIGINT, name, owner::BIGINT, external_id FROM w.main.garland_roles",
           [&](const Row& row) {
             const auto id = static_cast<PrincipalId>(row.number(0));
             roles[id] = {id, row.text(1), static_cast<PrincipalId>(row.number(2)), row.text(3), {}};
           });
  for_each(connection,
           "SELECT id::BIGINT, is_role::BIGINT, member::BIGINT, admin::BIGINT FROM w.main.garland_role_members ORDER "
           "BY id, place",
           [&](const Row& row) {
             roles[static_cast<PrincipalId>(row.number(0))].members.push_back(
                 {row.number(1) != 0, static_cast<PrincipalId>(row.number(2)), row.number(3) != 0});
           });
  return roles;
}

std::map<ObjectKey, Permissions> load_permissions(duck::Connection& connection) {
  const auto key = [](const Row& row) {
    return ObjectKey{static_cast<ObjectClass>(row.number(0)), static_cast<Oid>(row.number(1))};
  };
  std::map<ObjectKey, Permissions> objects;
  for_each(connection, "SELECT class::BIGINT, oid, owner::BIGINT FROM w.main.garland_owners",
           [&](const Row& row) { objects[key(row)].owner = static_cast<PrincipalId>(row.number(2)); });
  for_each(connection,
           "SELECT class::BIGINT, oid, privilege, attnum::BIGINT, grantee_class::BIGINT, grantee::BIGINT, "
           "grantor::BIGINT, option::BIGINT FROM w.main.garland_grants ORDER BY class, oid, place",
           [&](const Row& row) {
             objects[key(row)].acl.push_back({row.text(2), static_cast<int16_t>(row.number(3)),
                                              static_cast<GranteeClass>(row.number(4)),
                                              static_cast<PrincipalId>(row.number(5)),
                                              static_cast<PrincipalId>(row.number(6)), row.number(7) != 0});
           });
  return objects;
}

}  // namespace

void create_access(duck::Connection& connection) {
  for (const char* table : kTables) connection.query("CREATE TABLE w.main." + std::string(table));
  for (const AccessChange& change : first_access()) store_access(connection, change);
}

std::vector<AccessChange> load_access(duck::Connection& connection) {
  std::vector<AccessChange> result;
  for (auto& [id, user] : load_users(connection)) result.push_back(PutUser{user});
  for (auto& [id, group] : load_groups(connection)) result.push_back(PutGroup{group});
  for (auto& [id, role] : load_roles(connection)) result.push_back(PutRole{role});
  for (auto& [key, permissions] : load_permissions(connection)) result.push_back(PutPermissions{key, permissions});
  for_each(connection, "SELECT masking::BIGINT, name, text, owner::BIGINT FROM w.main.garland_policies",
           [&](const Row& row) {
             result.push_back(
                 PutPolicy{{row.number(0) != 0, row.text(1), row.text(2), static_cast<PrincipalId>(row.number(3))}});
           });
  return result;
}

void store_access(duck::Connection& connection, const AccessChange& change) {
  std::visit(overloaded{[&](const PutUser& each) { put(connection, each.user); },
                        [&](const PutGroup& each) { put(connection, each.group); },
                        [&](const PutRole& each) { put(connection, each.role); },
                        [&](const PutPermissions& each) { put(connection, each); },
                        [&](const PutPolicy& each) { put(connection, each.policy); },
                        [&](const auto& dropped) { drop(connection, dropped); }},
             change);
}

}  // namespace garland::embedded
