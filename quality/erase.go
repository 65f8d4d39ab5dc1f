package quality

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
)

// Erased stands where a text was that was erased.
const Erased = "[erased]"

// How a column is left when its row's customer is erased. The column stands for @.
const (
	gone   = "NULL"
	marked = "CASE WHEN @ IS NULL OR @ = '' THEN @ ELSE '" + Erased + "' END"
)

// Whose rows are erased: ?1 is the customer. Files that were merged into the
// customer's are the same person's.
const (
	theCustomers = "(SELECT p.id FROM customers p WHERE p.id = ?1 OR p.merged_into_id = ?1)"
	theCases     = "(SELECT k.id FROM cases k WHERE k.customer_id IN " + theCustomers + ")"
	ofCustomer   = "customer_id IN " + theCustomers
	ofCases      = "case_id IN " + theCases
	// Lines were copied to the cases in which others go on.
	copiedLines = `id IN (WITH RECURSIVE line(id) AS (
		SELECT e.id FROM case_entries e WHERE e.` + ofCases + `
		UNION SELECT c.id FROM case_entries c JOIN line ON c.copy_of_id = line.id) SELECT id FROM line)`
)

// personal are the rows of a table that hold what is known of a person, and how their
// columns are left.
type personal struct {
	table   string
	rows    string            // the condition of the rows
	columns map[string]string // nil: the rows are deleted
}

// personalData is where everything is that says something of a customer: whoever adds
// a column in which people write, or that tells who somebody is, adds it here. A test
// holds that each column with texts is here, or known to hold nothing of a customer.
var personalData = []personal{
	{"customers", "id IN " + theCustomers, map[string]string{
		"name": marked, "source": gone, "class": gone, "preferences": gone, "external_id": gone,
		"contact_every": gone, "last_contact_at": gone, "call_again_at": gone, "next_contact_at": gone}},
	{"contact_attempts", ofCustomer, map[string]string{"note": gone}},
	{"contact_points", ofCustomer, map[string]string{"sealed": gone, "digest": gone, "label": gone, "channel": gone, "is_primary": "false"}},
	{"external_ids", ofCustomer, nil},
	{"consents", ofCustomer, map[string]string{"note": gone}},
	{"owner_changes", ofCustomer, map[string]string{"reason": gone}},
	{"disclosures", ofCustomer, map[string]string{"note": gone}},
	{"customer_merges", "into_id IN " + theCustomers, map[string]string{"reason": gone}},
	{"visits", ofCustomer, map[string]string{"source": shared("visits", "source")}},
	// The lines before the cases that they are found by.
	{"case_entries", copiedLines, map[string]string{"text": marked}},
	{"case_follow_ups", ofCases, map[string]string{"word": marked}},
	{"hand_overs", ofCases, map[string]string{"reason": marked}},
	{"case_tasks", ofCases, map[string]string{"title": marked, "what": marked, "result": marked}},
	{"case_measures", ofCases, map[string]string{"what": marked, "result": marked, "finding": marked}},
	{"case_investigations", ofCases, map[string]string{"findings": marked}},
	{"case_compensations", ofCases, map[string]string{"reason": marked, "decision": marked}},
	{"deadlines", ofCases, map[string]string{"promise": marked}},
	{"cases", ofCustomer, map[string]string{
		"subject": marked, "description": marked, "desired_remedy": marked, "resolution": marked, "order_reference": gone,
		"product": shared("cases", "product"), "topic": shared("cases", "topic")}},
}

// shared leaves a text by which figures are counted where rows of others at the site
// have the same: then it tells nothing of this person.
func shared(table, column string) string {
	return fmt.Sprintf("CASE WHEN EXISTS (SELECT 1 FROM %s o WHERE o.site_id = %s.site_id AND o.%s = %s.%s AND (o.customer_id IS NULL OR o.customer_id NOT IN %s)) THEN @ END",
		table, table, column, table, column, theCustomers)
}

// statement is the statement that erases the rows.
func (p personal) statement(postgres bool) string {
	text := "DELETE FROM " + p.table
	if p.columns != nil {
		var sets []string
		for _, column := range slices.Sorted(maps.Keys(p.columns)) {
			sets = append(sets, column+" = "+strings.ReplaceAll(p.columns[column], "@", p.table+"."+column))
		}
		text = "UPDATE " + p.table + " SET " + strings.Join(sets, ", ")
	}
	text += " WHERE " + p.rows
	if postgres {
		text = strings.ReplaceAll(text, "?1", "$1::uuid")
	}
	return text
}

// erase takes everything from the records that says who a customer is, or what was
// said by and of them.
func (s *Service) erase(ctx context.Context, tx *db.Tx, id typeid.CustomerID) error {
	for _, p := range personalData {
		if _, err := tx.ExecContext(ctx, p.statement(s.db.IsPostgres()), id); err != nil {
			return fmt.Errorf("erasing from %s: %w", p.table, err)
		}
	}
	return nil
}
