package quality

import (
	"slices"

	"github.com/seed-34fcb60d/rounds/quality/rules/archive"
)

// ShownArchive returns a document without the texts that name, or are about, records
// that are not to be seen. visible returns which of some ids are. What the document
// proves is not touched by it.
func ShownArchive(document string, visible func(ids []string) (map[string]bool, error)) (string, error) {
	read, broken := archive.Read([]byte(document))
	if broken != nil {
		return "", broken
	}
	var ids []string
	for _, l := range read.Lines {
		ids = append(ids, about(l)...)
		for name, t := range l.Texts {
			if slices.Contains(hidden, name) {
				ids = append(ids, t.Text)
			}
		}
	}
	slices.Sort(ids)
	seen, err := visible(slices.Compact(ids))
	if err != nil {
		return "", err
	}
	shown := read.Without(func(l archive.Line, name string) bool {
		for _, id := range about(l) {
			if !seen[id] {
				return true
			}
		}
		return slices.Contains(hidden, name) && !seen[l.Texts[name].Text]
	})
	return string(shown.Bytes()), nil
}

// about is the record that a line tells the name of, if it does.
func about(l archive.Line) []string {
	switch l.Kind {
	case archiveName:
		id, _ := l.Fields["id"].(string)
		return []string{id}
	case archiveCustomer, archiveContact:
		return []string{l.Texts["id"].Text} // "" where it was taken out, which nobody sees
	default:
		return nil
	}
}
