package ent

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/seed-34fcb60d/rounds/ent/db"
)

// Searchable are the records that are found by their texts.
type Searchable struct{ index string }

// The records with a text index.
var (
	CaseTexts     = Searchable{"case_search"}
	CustomerTexts = Searchable{"customer_search"}
)

// Bounds of a search.
const (
	maxFound = 100_000 // records of which a list is made: the newest that match
	fewFound = 5_000   // of which one is always made
)

// createSearch makes the text indexes that are missing. They stand beside the
// migrations, for they hold nothing of their own: each can be dropped, and is made
// anew from the records. How a text becomes terms is not decided here.
func (d *Database) createSearch(ctx context.Context) (err error) {
	conn := d.pool
	if !d.IsPostgres() {
		conn = d.writer
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	var statements []string
	if d.IsPostgres() {
		// Servers that start together would otherwise make the same table at once.
		statements = append(statements, "SELECT pg_advisory_xact_lock(hashtext('rounds.search'))")
	}
	for _, s := range []Searchable{CaseTexts, CustomerTexts} {
		if d.IsPostgres() {
			statements = append(statements,
				"CREATE TABLE IF NOT EXISTS "+s.index+" (id uuid PRIMARY KEY, terms tsvector NOT NULL)",
				"CREATE INDEX IF NOT EXISTS "+s.index+"_terms ON "+s.index+" USING gin (terms)")
			continue
		}
		// The index keeps no texts, and names what it found by a number.
		statements = append(statements,
			"CREATE TABLE IF NOT EXISTS "+s.index+"_rows (n integer PRIMARY KEY, id uuid NOT NULL UNIQUE)",
			"CREATE VIRTUAL TABLE IF NOT EXISTS "+s.index+" USING fts5(terms, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')")
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("making the text index: %w", err)
		}
	}
	if !d.IsPostgres() {
		if err := forgetStatistics(ctx, tx); err != nil {
			return fmt.Errorf("forgetting the statistics of the text index: %w", err)
		}
	}
	return tx.Commit()
}

// forgetStatistics removes what ANALYZE has written of the tables in which FTS5 keeps
// an index. It reads and deletes ranges of them by statements of its own, and where they
// were small when they were counted, each of these reads the whole.
func forgetStatistics(ctx context.Context, tx *stdsql.Tx) error {
	forgotten := int64(0)
	for _, table := range []string{"sqlite_stat1", "sqlite_stat4"} { // SQLite can be built without the second
		var there bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?)", table).Scan(&there); err != nil {
			return err
		}
		if !there {
			continue
		}
		result, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE tbl GLOB '*_search_*'")
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		forgotten += n
	}
	if forgotten == 0 {
		return nil
	}
	// Connections read statistics when they see that the schema has changed.
	_, err := tx.ExecContext(ctx, "CREATE TABLE search_statistics (n integer)")
	if err == nil {
		_, err = tx.ExecContext(ctx, "DROP TABLE search_statistics")
	}
	return err
}

// Text is what a record is found by: terms of letters and digits, in lower case.
type Text struct {
	ID    any // of the record
	Terms []string
}

// textsAtOnce bounds the parameters of a statement.
const textsAtOnce = 200

// IndexTexts makes records to be found by these texts and no others. With
// onlyMissing it leaves alone what has been indexed meanwhile.
func (d *Database) IndexTexts(ctx context.Context, tx *db.Tx, s Searchable, texts []Text, onlyMissing bool) error {
	for some := range slices.Chunk(texts, textsAtOnce) {
		var err error
		if d.IsPostgres() {
			err = indexPostgres(ctx, tx, s, some, onlyMissing)
		} else {
			err = indexSQLite(ctx, tx, s, some)
		}
		if err != nil {
			return fmt.Errorf("indexing texts: %w", err)
		}
	}
	return nil
}

func indexPostgres(ctx context.Context, tx *db.Tx, s Searchable, texts []Text, onlyMissing bool) error {
	var values strings.Builder
	var args []any
	for i, t := range texts {
		var vector strings.Builder
		for n, term := range t.Terms {
			fmt.Fprintf(&vector, "%s:%d ", term, n+1)
		}
		fmt.Fprintf(&values, ", ($%d::uuid, $%d::tsvector)", 2*i+1, 2*i+2)
		args = append(args, t.ID, vector.String())
	}
	known := " ON CONFLICT (id) DO UPDATE SET terms = excluded.terms"
	if onlyMissing {
		known = " ON CONFLICT (id) DO NOTHING"
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO "+s.index+" (id, terms) VALUES "+values.String()[2:]+known, args...)
	return err
}

func indexSQLite(ctx context.Context, tx *db.Tx, s Searchable, texts []Text) error {
	var ids, terms []any
	for _, t := range texts {
		ids = append(ids, t.ID)
		terms = append(terms, t.ID, strings.Join(t.Terms, " "))
	}
	_, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO "+s.index+"_rows (id) VALUES "+
		strings.Repeat(", (?)", len(ids))[2:], ids...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO "+s.index+" (rowid, terms) SELECT r.n, t.column2 FROM (VALUES "+
		strings.Repeat(", (?, ?)", len(ids))[2:]+") AS t JOIN "+s.index+"_rows AS r ON r.id = t.column1", terms...)
	return err
}

// FindTexts returns the predicate of the records that have all the phrases: the
// terms of a phrase one after the other, the last of them as the beginning of a
// term. No phrase finds nothing.
//
// The database is asked first whether there are few. If so, a list is made of them;
// else it goes through the records in the order that is asked for until it has a page,
// and looks at the text of each. It cannot be left to it alone: PostgreSQL takes a term
// that it does not know for a common one, and SQLite always makes a list.
func (d *Database) FindTexts(ctx context.Context, s Searchable, phrases [][]string) (func(*sql.Selector), error) {
	if len(phrases) == 0 {
		return func(q *sql.Selector) { q.Where(sql.False()) }, nil
	}
	matches := "terms @@ $1::tsquery"
	if !d.IsPostgres() {
		matches = s.index + " MATCH ?"
	}
	found := 0
	err := d.pool.QueryRowContext(ctx, fmt.Sprintf("SELECT COUNT(*) FROM (SELECT 1 FROM %s WHERE %s LIMIT %d) AS found", s.index, matches, fewFound+1),
		textQuery(d.Dialect(), phrases)).Scan(&found)
	if err != nil {
		return nil, fmt.Errorf("counting the texts with a phrase: %w", err)
	}
	return findTexts(s, phrases, found > fewFound), nil
}

// textQuery is what a database is asked for phrases.
func textQuery(dbms string, phrases [][]string) string {
	phrase, then, and := `"%s" *`, " ", " AND "
	if dbms == dialect.Postgres {
		phrase, then, and = "%s:*", " <-> ", " & "
	}
	wanted := make([]string, len(phrases))
	for i, terms := range phrases {
		wanted[i] = fmt.Sprintf(phrase, strings.Join(terms, then))
	}
	return strings.Join(wanted, and)
}

// findTexts is the predicate of FindTexts for few records, or for many.
func findTexts(s Searchable, phrases [][]string, many bool) func(*sql.Selector) {
	newest := " DESC LIMIT " + strconv.Itoa(maxFound)
	return func(q *sql.Selector) {
		id, query := q.C("id"), textQuery(q.Dialect(), phrases)
		q.Where(sql.P(func(b *sql.Builder) {
			switch postgres := q.Dialect() == dialect.Postgres; {
			case postgres && many:
				b.Ident(id).WriteString(" IN (SELECT id FROM " + s.index + " WHERE terms @@ ").Arg(query).WriteString("::tsquery)")
			case postgres: // the order makes it a list by itself
				b.Ident(id).WriteString(" IN (SELECT id FROM " + s.index + " WHERE terms @@ ").Arg(query).
					WriteString("::tsquery ORDER BY id" + newest + ")")
			case many:
				b.WriteString("(SELECT r.n FROM " + s.index + "_rows AS r WHERE r.id = ").Ident(id).
					WriteString(") IN (SELECT rowid FROM " + s.index + " WHERE " + s.index + " MATCH ").Arg(query).
					WriteString(" ORDER BY rowid" + newest + ")")
			default:
				b.Ident(id).WriteString(" IN (SELECT r.id FROM (SELECT rowid FROM " + s.index + " WHERE " + s.index + " MATCH ").Arg(query).
					WriteString(" ORDER BY rowid" + newest + ") AS f JOIN " + s.index + "_rows AS r ON r.n = f.rowid)")
			}
		}))
	}
}

// WithoutText is the predicate of the records that are in no text index yet.
func WithoutText(s Searchable) func(*sql.Selector) {
	return func(q *sql.Selector) {
		known := s.index
		if q.Dialect() != dialect.Postgres {
			known += "_rows"
		}
		t := sql.Dialect(q.Dialect()).Table(known).As("known")
		q.Where(sql.Not(exists(t, q.Dialect(), sql.ColumnsEQ(t.C("id"), q.C("id")))))
	}
}
