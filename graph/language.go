package graph

import (
	"context"

	"golang.org/x/text/language"

	"github.com/seed-34fcb60d/rounds/graph/model"
	"github.com/seed-34fcb60d/rounds/graph/wire"
	"github.com/seed-34fcb60d/rounds/plugins/checklist"
)

var languages = language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese})

// chinese reports whether the caller would rather read Chinese than English.
func chinese(ctx context.Context) bool {
	_, index := language.MatchStrings(languages, wire.AcceptLanguage(ctx))
	return index == 1
}

// say returns a text in the caller's language.
func say(ctx context.Context, t checklist.Text) string {
	if chinese(ctx) {
		return t.ZH
	}
	return t.EN
}

// localized is a text for a caller who may want both languages.
func localized(ctx context.Context, t checklist.Text) *model.LocalizedText {
	return &model.LocalizedText{Text: say(ctx, t), En: t.EN, Zh: t.ZH}
}
