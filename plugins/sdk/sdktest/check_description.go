package sdktest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/seed-34fcb60d/rounds/plugins/checklist"
	"github.com/seed-34fcb60d/rounds/plugins/sdk"
)

// can reports whether the plugin has described itself to have a capability.
func (e *examiner) can(c checklist.Capability) bool {
	return slices.Contains(e.description.Capabilities, c)
}

// checkDescription reads the description, which the other checks go by.
func checkDescription(ctx context.Context, e *examiner) {
	d, err := bounded(ctx, e.patience, e.plugin.Describe)
	if err == nil {
		err = sdk.Validate(d)
	}
	if err != nil {
		e.invalid(err)
		return
	}
	if again, err := bounded(ctx, e.patience, e.plugin.Describe); err != nil {
		e.failed("", err)
	} else if diff := difference(d, again); diff != "" {
		e.mistake("", "described twice, differently: "+diff, "两次自述不一致："+diff)
	}
	if _, remote := e.plugin.(*sdk.Client); !remote { // which has every method, whatever stands behind it
		if capability, lacks := sdk.Missing(e.plugin, d.Capabilities); lacks {
			e.mistake("capabilities", string(capability)+" is named, but the plugin has no method for it", "声明了 "+string(capability)+"，但插件没有相应的方法")
			return
		}
	}
	e.description = d
	for _, def := range d.Checklists {
		e.subjects = append(e.subjects, newSubject(def))
	}
}

// invalid notes what is wrong with a description: mistakes with their paths, which
// another process tells in lines.
func (e *examiner) invalid(err error) {
	var description *sdk.DescriptionError
	if errors.As(err, &description) {
		for _, m := range description.Mistakes {
			e.mistake(m.Path, m.Text, m.Text)
		}
		return
	}
	_, lines, _ := strings.Cut(err.Error(), "\n")
	for line := range strings.Lines(lines) {
		if path, text, found := strings.Cut(strings.TrimSpace(line), ": "); found {
			e.mistake(path, text, text)
		}
	}
	if len(e.current.Mistakes) == 0 {
		e.failed("", err)
	}
}

// checkTexts finds texts in the wrong language and items that read alike.
func checkTexts(_ context.Context, e *examiner) {
	e.language("name", e.description.Name)
	for _, s := range e.subjects {
		e.language(s.path+".title", s.def.Title)
		for _, section := range s.def.Sections {
			e.language(s.path+".sections["+section.ID+"].title", section.Title)
		}
		seen := map[string]string{}
		for _, item := range s.items {
			e.language(item.path+".text", item.Text)
			for _, option := range item.Choices {
				e.language(item.path+".choices["+option.ID+"].text", option.Text)
			}
			for _, text := range []string{item.Text.EN, item.Text.ZH} {
				if other, twice := seen[text]; twice {
					e.mistake(item.path+".text", "is the same as that of item "+other, "与项目 "+other+" 的文字相同")
				}
				seen[text] = item.ID
			}
		}
	}
}

// language finds English with Han characters and Chinese without any.
func (e *examiner) language(path string, text checklist.Text) {
	isHan := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	if strings.ContainsFunc(text.EN, isHan) {
		e.mistake(path+".en", "holds Chinese", "含有中文")
	}
	if !strings.ContainsFunc(text.ZH, isHan) {
		e.mistake(path+".zh", "is not Chinese", "不是中文")
	}
}
