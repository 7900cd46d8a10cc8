-- "author:" in a search: imported people have no handle, so they are found by name.
create index people_by_name on people (lower(name));
