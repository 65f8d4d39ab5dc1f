package main

// postgresFloor answers the reads on PostgreSQL. Each statement returns the text of
// the answer and the sealed telephone number that belongs into it, if any.
var postgresFloor = map[string]string{
	"case": `
SELECT json_build_object('data', json_build_object('node', json_build_object(
	'id', c.id, 'number', c.number, 'kind', c.kind, 'channel', c.channel, 'severity', c.severity, 'status', c.status, 'topicText', c.topic,
	'subject', c.subject, 'description', c.description, 'openedAt', c.opened_at, 'dueAt', c.due_at, 'revision', c.revision,
	'customer', CASE WHEN k.id IS NOT NULL THEN json_build_object('id', k.id, 'kind', k.kind, 'name', k.name, 'phone', '@phone@') END,
	'entries', json_build_object('nodes', (
		SELECT json_agg(json_build_object('id', e.id, 'kind', e.kind, 'visibility', e.visibility, 'text', e.text, 'at', e.at) ORDER BY e.at, e.id)
		FROM (SELECT id, kind, visibility, text, at FROM case_entries WHERE case_id = c.id ORDER BY at DESC, id DESC LIMIT 10) e)))))::text,
	(SELECT p.sealed FROM contact_points p WHERE p.customer_id = k.id AND p.kind = 'PHONE' AND p.is_primary)
FROM cases c LEFT JOIN customers k ON k.id = c.customer_id WHERE c.id = $1`,

	"board": `
SELECT json_build_object('data', json_build_object('cases', json_build_object(
	'nodes', coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'kind', c.kind, 'severity', c.severity, 'status', c.status,
		'subject', c.subject, 'dueAt', c.due_at, 'customer', CASE WHEN k.id IS NOT NULL THEN json_build_object('id', k.id, 'name', k.name) END,
		'assignee', json_build_object('id', s.id, 'name', s.name, 'role', s.role)) ORDER BY c.due_at, c.id) FILTER (WHERE c.place <= 50), '[]'),
	'pageInfo', json_build_object('hasNextPage', count(*) > 50))))::text, NULL::bytea
FROM (
	SELECT id, number, kind, severity, status, subject, due_at, customer_id, assignee_id, row_number() OVER (ORDER BY due_at, id) AS place
	FROM cases WHERE department_id = $1 AND open ORDER BY due_at, id LIMIT 51
) c LEFT JOIN customers k ON k.id = c.customer_id LEFT JOIN staff s ON s.id = c.assignee_id`,

	"clocks": `
SELECT json_build_object('data', json_build_object('cases', json_build_object(
	'nodes', coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'severity', c.severity, 'status', c.status,
		'subject', c.subject, 'dueAt', c.due_at, 'customer', CASE WHEN k.id IS NOT NULL THEN json_build_object('id', k.id, 'name', k.name) END,
		'assignee', json_build_object('id', s.id, 'name', s.name), 'clocks', (
			SELECT coalesce(json_agg(json_build_object('id', d.id, 'target', d.target, 'state', d.state, 'startedAt', d.started_at, 'dueAt', d.due_at) ORDER BY d.started_at, d.id), '[]')
			FROM (SELECT id, target, state, started_at, due_at FROM deadlines WHERE case_id = c.id ORDER BY started_at, id LIMIT 100) d)
		) ORDER BY c.due_at, c.id) FILTER (WHERE c.place <= 50), '[]'),
	'pageInfo', json_build_object('hasNextPage', count(*) > 50))))::text, NULL::bytea
FROM (
	SELECT id, number, severity, status, subject, due_at, customer_id, assignee_id, row_number() OVER (ORDER BY due_at, id) AS place
	FROM cases WHERE department_id = $1 AND open ORDER BY due_at, id LIMIT 51
) c LEFT JOIN customers k ON k.id = c.customer_id LEFT JOIN staff s ON s.id = c.assignee_id`,

	"inspections": `
SELECT json_build_object('data', json_build_object('inspections', json_build_object(
	'nodes', coalesce(json_agg(json_build_object('id', i.id, 'layer', i.layer, 'status', i.status, 'place', i.place,
		'startedAt', i.started_at, 'completedAt', i.completed_at, 'score', i.score, 'passed', i.passed,
		'answers', (SELECT json_agg(CASE a.kind
			WHEN 'NUMBER' THEN json_build_object('id', a.id, 'item', a.item, 'notApplicable', a.not_applicable, 'note', a.note, 'answeredAt', a.answered_at, 'number', a.number)
			WHEN 'CHOICE' THEN json_build_object('id', a.id, 'item', a.item, 'notApplicable', a.not_applicable, 'note', a.note, 'answeredAt', a.answered_at, 'choice', a.choice)
			ELSE json_build_object('id', a.id, 'item', a.item, 'notApplicable', a.not_applicable, 'note', a.note, 'answeredAt', a.answered_at, 'yes', a.yes) END ORDER BY a.item)
			FROM answers a WHERE a.inspection_id = i.id AND a.state = 'CURRENT')
		) ORDER BY i.started_at DESC, i.id DESC) FILTER (WHERE i.place_in_list <= 20), '[]'),
	'pageInfo', json_build_object('hasNextPage', count(*) > 20))))::text, NULL::bytea
FROM (
	SELECT id, layer, status, place, started_at, completed_at, score, passed, row_number() OVER (ORDER BY started_at DESC, id DESC) AS place_in_list
	FROM inspections WHERE department_id = $1 AND started_at < $2 ORDER BY started_at DESC, id DESC LIMIT 21
) i`,

	"customer": `
SELECT json_build_object('data', json_build_object('node', json_build_object(
	'id', k.id, 'kind', k.kind, 'name', k.name, 'phone', '@phone@', 'source', k.source, 'registeredAt', k.registered_at,
	'cases', json_build_object('nodes', (
		SELECT json_agg(json_build_object('id', c.id, 'number', c.number, 'kind', c.kind, 'status', c.status, 'subject', c.subject,
			'openedAt', c.opened_at, 'dueAt', c.due_at, 'entries', json_build_object('nodes', (
				SELECT json_agg(json_build_object('id', e.id, 'kind', e.kind, 'text', e.text, 'at', e.at) ORDER BY e.at, e.id)
				FROM (SELECT id, kind, text, at FROM case_entries WHERE case_id = c.id ORDER BY at, id LIMIT 3) e))) ORDER BY c.opened_at DESC, c.id DESC)
		FROM (SELECT id, number, kind, status, subject, opened_at, due_at FROM cases WHERE customer_id = k.id ORDER BY opened_at DESC, id DESC LIMIT 10) c)))))::text,
	(SELECT p.sealed FROM contact_points p WHERE p.customer_id = k.id AND p.kind = 'PHONE' AND p.is_primary)
FROM customers k WHERE k.id = $1`,

	"page": `
SELECT json_build_object('data', json_build_object('cases', json_build_object(
	'nodes', coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'kind', c.kind, 'severity', c.severity, 'status', c.status,
		'subject', c.subject, 'openedAt', c.opened_at, 'dueAt', c.due_at) ORDER BY c.opened_at DESC, c.id DESC) FILTER (WHERE c.place <= 50), '[]'),
	'pageInfo', json_build_object('hasNextPage', count(*) > 50))))::text, NULL::bytea
FROM (
	SELECT id, number, kind, severity, status, subject, opened_at, due_at, row_number() OVER (ORDER BY opened_at DESC, id DESC) AS place
	FROM cases WHERE (opened_at, id) < ($1, $2) ORDER BY opened_at DESC, id DESC LIMIT 51
) c`,

	"count": `
SELECT json_build_object('data', json_build_object('cases', json_build_object(
	'totalCount', (SELECT count(*) FROM cases WHERE department_id = $1),
	'nodes', coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'kind', c.kind, 'severity', c.severity, 'status', c.status,
		'subject', c.subject, 'openedAt', c.opened_at, 'dueAt', c.due_at) ORDER BY c.opened_at DESC, c.id DESC) FILTER (WHERE c.place <= 50), '[]'),
	'pageInfo', json_build_object('hasNextPage', count(*) > 50))))::text, NULL::bytea
FROM (
	SELECT id, number, kind, severity, status, subject, opened_at, due_at, row_number() OVER (ORDER BY opened_at DESC, id DESC) AS place
	FROM cases WHERE department_id = $1 ORDER BY opened_at DESC, id DESC LIMIT 51
) c`,

	"search": `
WITH few AS MATERIALIZED (SELECT id FROM case_search WHERE terms @@ $1::tsquery LIMIT 5001), found AS (SELECT count(*) AS n FROM few)
SELECT json_build_object('data', json_build_object('cases', json_build_object(
	'nodes', coalesce(json_agg(json_build_object('id', c.id, 'number', c.number, 'status', c.status, 'subject', c.subject, 'openedAt', c.opened_at)
		ORDER BY c.opened_at DESC, c.id DESC) FILTER (WHERE c.place <= 50), '[]'),
	'pageInfo', json_build_object('hasNextPage', count(*) > 50))))::text, NULL::bytea
FROM (
	SELECT id, number, status, subject, opened_at, row_number() OVER (ORDER BY opened_at DESC, id DESC) AS place
	FROM (
		(SELECT c.* FROM few JOIN cases c ON c.id = few.id WHERE (SELECT n FROM found) <= 5000 ORDER BY c.opened_at DESC, c.id DESC LIMIT 51)
		UNION ALL
		(SELECT c.* FROM cases c WHERE (SELECT n FROM found) > 5000
			AND (SELECT 1 FROM case_search s WHERE s.id = c.id AND s.terms @@ $1::tsquery LIMIT 1) IS NOT NULL ORDER BY c.opened_at DESC, c.id DESC LIMIT 51)
	) f
) c`,

	"statistics": `
SELECT json_build_object('data', json_build_object('caseStatistics', coalesce(json_agg(json_build_object(
	'department', CASE WHEN f.department_id IS NOT NULL THEN json_build_object('id', f.department_id) END, 'opened', f.opened, 'complaints', f.complaints,
	'resolved', f.resolved, 'substantiated', json_build_object('count', f.justified, 'of', f.investigated)) ORDER BY f.department_id NULLS FIRST), '[]')))::text, NULL::bytea
FROM (
	SELECT department_id, count(*) FILTER (WHERE opened_at >= $1 AND opened_at < $2) AS opened,
		count(*) FILTER (WHERE opened_at >= $1 AND opened_at < $2 AND kind = 'COMPLAINT') AS complaints,
		count(*) FILTER (WHERE resolved_at >= $1 AND resolved_at < $2) AS resolved,
		count(*) FILTER (WHERE resolved_at >= $1 AND resolved_at < $2 AND substantiated) AS justified,
		count(*) FILTER (WHERE resolved_at >= $1 AND resolved_at < $2 AND substantiated IS NOT NULL) AS investigated
	FROM cases WHERE merged_into_id IS NULL AND opened_at < $2 GROUP BY department_id
) f`,
}
