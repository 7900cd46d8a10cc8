-- The same rules in fewer words: PostgreSQL reads a table's checks anew in each statement
-- that writes to it, and a constant of its own for each word is long (measured: a twentieth of
-- what an answer costs).
alter table topics
	drop constraint topics_stage,
	drop constraint topics_status,
	drop constraint topics_visibility,
	drop constraint topics_pinned,
	add constraint topics_stage check (stage = any ('{"",proposed,study,planned,done,no}')),
	add constraint topics_status check (status = any ('{open,needs_information,duplicate,closed}')),
	add constraint topics_visibility check (visibility = any ('{visible,withdrawn,held}')),
	add constraint topics_pinned check (pinned = any ('{"",category,everywhere}'));
alter table people
	drop constraint people_state,
	drop constraint people_role,
	add constraint people_state check (state = any ('{unconfirmed,active,suspended,imported,anonymised}')),
	add constraint people_role check (role = any ('{customer,advisor,moderator,administrator}'));
alter table notifications
	drop constraint notifications_kind,
	drop constraint notifications_about,
	add constraint notifications_kind check (kind = any ('{answer,comment,mention,accepted,thanks,question,status,held,released,case,complaint,badge,expert,level,rank,article,desk_warning,desk_late,desk_note,desk_handed,panel,private,private_reply,panel_questions}')),
	add constraint notifications_about check (coalesce(topic_id, case_id, badge_id, expert_id, standing, article_id,
		panel_id) is not null);
alter table desk_events
	drop constraint desk_events_kind,
	add constraint desk_events_kind check (kind = any ('{published,hidden,shown,answered,done,undone,waiting,resumed,handed_over,edited,moved,changed}'));
