package quality

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/seed-34fcb60d/rounds/ent"
	"github.com/seed-34fcb60d/rounds/ent/db"
	"github.com/seed-34fcb60d/rounds/ent/db/checklistversion"
	"github.com/seed-34fcb60d/rounds/ent/db/plugin"
	"github.com/seed-34fcb60d/rounds/ent/schema/typeid"
	"github.com/seed-34fcb60d/rounds/events"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

// PublishChecklists stores what a plugin said of itself when it started: versions
// that are new are kept for good, and new inspections use them from now on, but no
// longer the checklists that it left out. The same word again changes nothing. Where
// another version is pinned the word is kept and nothing is used of it.
func (s *Service) PublishChecklists(ctx context.Context, d checklist.Description, checksum string) error {
	ctx = ent.AsSystem(ctx)
	publish := func() error {
		return ent.WithTx(ctx, s.db.Client, func(tx *db.Tx) error { return s.publish(ctx, tx, d, checksum) })
	}
	err := publish()
	if db.IsConstraintError(err) { // another server published the same at the same time
		err = publish()
	}
	return err
}

func (s *Service) publish(ctx context.Context, tx *db.Tx, d checklist.Description, checksum string) error {
	id, used, err := s.introduce(ctx, tx, d, checksum)
	if err != nil {
		return fmt.Errorf("storing the plugin %s: %w", d.Plugin, err)
	}
	if !used {
		for _, definition := range d.Checklists {
			if _, err := s.storeChecklist(ctx, tx, id, d, checksum, definition); err != nil {
				return fmt.Errorf("storing the checklist %s: %w", definition.ID, err)
			}
		}
		return nil
	}
	var told []events.Event
	var codes []string
	for _, definition := range d.Checklists {
		codes = append(codes, definition.ID)
		v, isNew, err := s.publishOne(ctx, tx, id, d, checksum, definition)
		if err != nil {
			return fmt.Errorf("storing the checklist %s: %w", definition.ID, err)
		}
		if isNew {
			told = append(told, events.Event{Kind: EventChecklistPublished, Subject: v.ID.String(), At: s.now()})
		}
	}
	left, err := tx.ChecklistVersion.Query().
		Where(checklistversion.PluginID(id), checklistversion.CodeNotIn(codes...), checklistversion.Current(true)).All(ctx)
	if err != nil {
		return fmt.Errorf("looking for checklists that %s left out: %w", d.Plugin, err)
	}
	for _, v := range left {
		n, err := tx.ChecklistVersion.Update().Where(checklistversion.ID(v.ID), checklistversion.Current(true)).SetCurrent(false).Save(ctx)
		if err != nil {
			return fmt.Errorf("withdrawing the checklist %s: %w", v.Code, err)
		}
		if n == 0 {
			continue // another server was first
		}
		told = append(told, events.Event{Kind: EventChecklistWithdrawn, Subject: v.ID.String(), Changed: []string{"current"}, At: s.now()})
	}
	if len(told) == 0 {
		return nil
	}
	_, err = s.events.Append(ctx, tx, told...)
	return err
}

// introduce stores the plugin itself, and tells whether this is the version to use.
func (s *Service) introduce(ctx context.Context, tx *db.Tx, d checklist.Description, checksum string) (_ typeid.PluginID, used bool, _ error) {
	known, err := tx.Plugin.Query().Where(plugin.Code(d.Plugin)).Only(ctx)
	if db.IsNotFound(err) {
		known, err = tx.Plugin.Create().SetCode(d.Plugin).SetNameEn(d.Name.EN).SetNameZh(d.Name.ZH).
			SetVersion(d.Version).SetChecksum(checksum).SetUpdatedAt(s.now()).Save(ctx)
	}
	if err != nil {
		return typeid.PluginID{}, false, err
	}
	if known.Pinned != nil && *known.Pinned != d.Version {
		return known.ID, false, nil
	}
	if known.Version != d.Version || known.Checksum != checksum {
		known, err = known.Update().SetNameEn(d.Name.EN).SetNameZh(d.Name.ZH).
			SetVersion(d.Version).SetChecksum(checksum).SetUpdatedAt(s.now()).Save(ctx)
	}
	if err != nil {
		return typeid.PluginID{}, false, err
	}
	return known.ID, true, nil
}

// publishOne makes a definition the current one of its checklist.
func (s *Service) publishOne(ctx context.Context, tx *db.Tx, id typeid.PluginID, of checklist.Description, checksum string, d checklist.Definition) (*db.ChecklistVersion, bool, error) {
	v, err := s.storeChecklist(ctx, tx, id, of, checksum, d)
	if err != nil || v.Current {
		return v, false, err
	}
	err = tx.ChecklistVersion.Update().Where(checklistversion.Code(d.ID), checklistversion.Current(true)).SetCurrent(false).Exec(ctx)
	if err != nil {
		return nil, false, err
	}
	v, err = v.Update().SetCurrent(true).Save(ctx)
	return v, true, err
}

// storeChecklist keeps a definition, unless it is known; as yet it is not used.
func (s *Service) storeChecklist(ctx context.Context, tx *db.Tx, id typeid.PluginID, of checklist.Description, checksum string, d checklist.Definition) (*db.ChecklistVersion, error) {
	body, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	capabilities := make([]string, len(of.Capabilities))
	for n, c := range of.Capabilities {
		capabilities[n] = string(c)
	}
	known, err := tx.ChecklistVersion.Query().Where(checklistversion.Code(d.ID), checklistversion.Version(of.Version),
		checklistversion.Checksum(checksum), checklistversion.Digest(digest)).Only(ctx)
	switch {
	case err == nil && known.Capabilities == nil: // it was published before they were kept
		return known.Update().SetCapabilities(capabilities).Save(ctx)
	case err == nil || !db.IsNotFound(err):
		return known, err
	}
	return tx.ChecklistVersion.Create().SetPluginID(id).SetCode(d.ID).SetVersion(of.Version).SetChecksum(checksum).
		SetTitleEn(d.Title.EN).SetTitleZh(d.Title.ZH).SetDefinition(body).SetDigest(digest).SetCapabilities(capabilities).SetCurrent(false).SetPublishedAt(s.now()).Save(ctx)
}
