-- Nodes whose publications do not reach the others at the moment. While there is one, the others look into the logs of
-- their users themselves.
create table silent_nodes (
  node_id text primary key,
  until timestamptz not null
);

-- Events from before floods of comments were told from the rest.
update user_events e set flood = 2 from notifications n
where e.type = 'notification:new' and e.flood = 0 and n.id = e.subject_id and n.type in ('comment', 'reply', 'mention');
