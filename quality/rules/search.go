package rules

import (
	"fmt"
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of the text search.
const (
	maxTerm    = 40     // characters of a term; what is longer is cut, in texts and searches alike
	maxTerms   = 10_000 // of a record's texts: the positions that PostgreSQL can hold end at 16,383
	maxPhrases = 10     // of a search
)

// unspaced are the scripts that put no spaces between words.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// Terms returns what texts are found by, in order. Of scripts that put spaces
// between words these are the words, in lower case and without accents. Of the others
// they are pairs of neighbouring characters, and the last character of each run: so
// each character begins a term, and each word of two characters or more is a run of
// terms. Terms consist of letters and digits only.
func Terms(texts ...string) []string {
	var terms []string
	for _, text := range texts {
		more, _ := split(text, maxTerms-len(terms))
		if terms = append(terms, more...); len(terms) == maxTerms {
			break
		}
	}
	return terms
}

// minNumber is how many digits a telephone number has at least.
const minNumber = 7

// What may be an e-mail address, and what may be a telephone number: digits with single
// marks between them or none.
var (
	addresses = regexp.MustCompile(`[^\s@<>(),;:，。；：（）]+@[^\s@<>(),;:，。；：（）]+`)
	numbers   = regexp.MustCompile(fmt.Sprintf(`\d(?:[\s().\-\x{2010}-\x{2015}/]{0,2}\d){%d,}`, minNumber-1))
)

// WithoutContacts returns a text without what may be a telephone number or an e-mail
// address in it. Numbers of other things go with them when they are as long. Looking
// closely takes its time, so it is done only where there is something to look for.
func WithoutContacts(text string) string {
	text = norm.NFKC.String(text)
	if strings.Contains(text, "@") {
		text = addresses.ReplaceAllLiteralString(text, " ")
	}
	digits := 0
	for i := range len(text) {
		if text[i] >= '0' && text[i] <= '9' {
			digits++
		}
	}
	if digits >= minNumber {
		text = numbers.ReplaceAllLiteralString(text, " ")
	}
	return text
}

// Search reads what somebody typed into a search field, and returns the phrases that
// a text must have to be found: one for each part between spaces, of which the first
// ten count. The terms of a phrase stand one after the other in the text, the last of
// them as the beginning of a term. Where no letter or digit was typed there is no
// phrase, and nothing is found.
func Search(typed string) (phrases [][]string) {
	for part := range strings.FieldsSeq(typed) {
		terms, open := split(part, maxTerm)
		if open { // the text may go on after the last pair
			terms = terms[:len(terms)-1]
		}
		if len(terms) > 0 {
			phrases = append(phrases, terms)
		}
		if len(phrases) == maxPhrases {
			break
		}
	}
	return phrases
}

// split returns the first terms of a text, and whether the last of them only ends a
// run of pairs.
func split(text string, most int) (terms []string, ends bool) {
	for run, pairs := range runs(text) {
		ends = pairs && len(run) > 1
		if !pairs {
			terms = append(terms, string(run[:min(len(run), maxTerm)]))
		} else {
			for i := range run {
				terms = append(terms, string(run[i:min(i+2, len(run))]))
			}
		}
		if len(terms) >= most {
			return terms[:most], ends && len(terms) == most
		}
	}
	return terms, ends
}

// runs are the letters and digits of a text that stand together and are of one sort:
// in lower case, decomposed, without marks, and in the common form of wide and narrow
// characters. Each comes with whether it is of an unspaced script.
func runs(text string) iter.Seq2[[]rune, bool] {
	return func(yield func([]rune, bool) bool) {
		var run []rune
		var pairs bool
		for _, r := range norm.NFKD.String(text) {
			if unicode.IsMark(r) {
				continue // an accent stands on the letter before it
			}
			part := r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
			if sort := isUnspaced(r); !part || sort != pairs {
				if len(run) > 0 && !yield(run, pairs) {
					return
				}
				run, pairs = nil, sort
			}
			if part {
				run = append(run, unicode.ToLower(r))
			}
		}
		if len(run) > 0 {
			yield(run, pairs)
		}
	}
}

// isUnspaced reports whether a letter is of an unspaced script. Of these Thai comes
// first in Unicode.
func isUnspaced(r rune) bool {
	return r >= '\u0E00' && (unicode.In(r, unspaced...) || r == 'ー')
}
