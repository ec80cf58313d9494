using System.Text;

namespace ClinicFlow.Documents.Fields;

/// <summary>
/// Word's tokenising of an instruction. White space separates; quotes (straight or typographic) hold a token
/// together; a nested field is one element of the token it touches, and its result is never looked at here.
/// One use, one thread.
/// </summary>
internal sealed class InstructionReader
{
    private enum Kind : byte
    {
        Character,
        Node,
        ParagraphEnd,
        Opaque,
    }

    private sealed record Element(Kind Kind, char Character, FieldNode? Node, InstructionPosition At);

    private readonly List<Element> _elements = [];
    private readonly List<InstructionArgument> _arguments = [];
    private readonly List<InstructionSwitch> _switches = [];
    private string _name = "";
    private bool _isCondition;
    private bool _operatorSeen;
    private int _at;

    public InstructionReader(IReadOnlyList<InstructionPart> parts)
    {
        for (var part = 0; part < parts.Count; part++)
        {
            switch (parts[part])
            {
                case InstructionPart.Text text:
                    for (var offset = 0; offset < text.Value.Length; offset++)
                    {
                        _elements.Add(new(Kind.Character, text.Value[offset], null, new(part, offset)));
                    }

                    break;
                case InstructionPart.Nested nested:
                    _elements.Add(new(Kind.Node, '\0', nested.Node, new(part, 0)));
                    break;
                case InstructionPart.ParagraphEnd:
                    _elements.Add(new(Kind.ParagraphEnd, '\n', null, new(part, 0)));
                    break;
                default:
                    _elements.Add(new(Kind.Opaque, '\0', null, new(part, 0)));
                    break;
            }
        }
    }

    public Instruction Read()
    {
        ReadName();
        if (_name == "=")
        {
            var expression = ReadExpression();
            ReadRest();
            return new Instruction(_name, _arguments, _switches, expression);
        }

        _isCondition = FieldCatalog.IsCondition(_name);
        ReadRest();
        return new Instruction(_name, _arguments, _switches, null);
    }

    private void ReadName()
    {
        SkipSpace();
        if (CharacterAt(_at) == '=')
        {
            _at++;
            _name = "=";
            return;
        }

        var name = new StringBuilder();
        while (CharacterAt(_at) is var c and not '\0' && !char.IsWhiteSpace(c) && c != '\\' && !IsQuote(c))
        {
            name.Append(c);
            _at++;
        }

        _name = name.ToString();
    }

    private void ReadRest()
    {
        while (true)
        {
            SkipSpace();
            if (_at >= _elements.Count)
            {
                return;
            }

            if (StartsSwitch(_at))
            {
                ReadSwitch();
                continue;
            }

            if (_isCondition && !_operatorSeen && IsOperator(CharacterAt(_at)))
            {
                ReadOperator();
                continue;
            }

            _arguments.Add(ReadToken());
        }
    }

    private void ReadSwitch()
    {
        var name = $"\\{char.ToLowerInvariant(CharacterAt(_at + 1))}";
        _at += 2;
        if (!FieldCatalog.TakesArgument(_name, name))
        {
            _switches.Add(new(name, null));
            return;
        }

        SkipSpace();
        var argument = _at < _elements.Count && !StartsSwitch(_at) ? ReadToken() : null;
        _switches.Add(new(name, argument));
    }

    private void ReadOperator()
    {
        // `IF = "x"`: the operand that is not there is empty.
        var start = _elements[_at].At;
        if (_arguments.Count == 0)
        {
            _arguments.Add(new InstructionArgument([], false, start, start));
        }

        var first = CharacterAt(_at++);
        var text = first.ToString();
        if ((first is '<' or '>' && CharacterAt(_at) == '=') || (first == '<' && CharacterAt(_at) == '>'))
        {
            text += CharacterAt(_at++);
        }

        _arguments.Add(new InstructionArgument([new(text, null)], false, start, After(_at - 1)));
        _operatorSeen = true;
    }

    private InstructionArgument ReadToken()
        => IsQuote(CharacterAt(_at)) ? ReadQuoted() : ReadWord();

    private InstructionArgument ReadQuoted()
    {
        var open = CharacterAt(_at);
        var start = After(_at);
        _at++;
        var straightOnly = open == '"' && HasStraightQuote(_at);
        var pieces = new Pieces();
        while (_at < _elements.Count)
        {
            var element = _elements[_at];
            if (element.Kind == Kind.Character && (straightOnly ? element.Character == '"' : IsQuote(element.Character)))
            {
                _at++;
                return new InstructionArgument(pieces.Take(), true, start, element.At);
            }

            if (element.Character == '\\' && CharacterAt(_at + 1) is var next && (next == '\\' || IsQuote(next)))
            {
                pieces.Add(next);
                _at += 2;
                continue;
            }

            Add(pieces, element);
            _at++;
        }

        // Word takes a quote that never closes to the end of the field.
        return new InstructionArgument(pieces.Take(), true, start, _elements.Count == 0 ? start : After(_elements.Count - 1));
    }

    private InstructionArgument ReadWord()
    {
        var start = _elements[_at].At;
        var first = _at;
        var pieces = new Pieces();
        while (_at < _elements.Count)
        {
            var element = _elements[_at];
            var c = element.Character;
            var isEnd = element.Kind switch
            {
                Kind.ParagraphEnd => true,
                Kind.Character => char.IsWhiteSpace(c) || IsQuote(c) || (_at > first && StartsGeneralSwitch(_at))
                    || (_isCondition && !_operatorSeen && IsOperator(c)),
                _ => false,
            };
            if (isEnd)
            {
                break;
            }

            if (c == '\\' && CharacterAt(_at + 1) == '\\')
            {
                _at++;
            }

            Add(pieces, element);
            _at++;
        }

        return new InstructionArgument(pieces.Take(), false, start, After(_at - 1));
    }

    private InstructionArgument ReadExpression()
    {
        var start = _at < _elements.Count ? _elements[_at].At : new InstructionPosition(0, 0);
        var end = start;
        var pieces = new Pieces();
        while (_at < _elements.Count && !StartsGeneralSwitch(_at))
        {
            Add(pieces, _elements[_at]);
            end = After(_at);
            _at++;
        }

        return new InstructionArgument(pieces.Take(), false, start, end);
    }

    private static void Add(Pieces pieces, Element element)
    {
        switch (element.Kind)
        {
            case Kind.Node:
                pieces.Add(element.Node!);
                break;
            case Kind.Character or Kind.ParagraphEnd:
                pieces.Add(element.Character);
                break;
        }
    }

    private void SkipSpace()
    {
        // A picture may be an unquoted branch of IF; in every other field it means nothing.
        while (_at < _elements.Count && _elements[_at] is var element
            && (element.Kind == Kind.ParagraphEnd || (element.Kind == Kind.Opaque && !_isCondition)
                || (element.Kind == Kind.Character && char.IsWhiteSpace(element.Character))))
        {
            _at++;
        }
    }

    private bool HasStraightQuote(int from)
    {
        for (var i = from; i < _elements.Count; i++)
        {
            if (_elements[i].Character == '"' && (i == 0 || _elements[i - 1].Character != '\\'))
            {
                return true;
            }
        }

        return false;
    }

    private bool StartsSwitch(int index) => CharacterAt(index) == '\\'
        && CharacterAt(index + 1) is var c and not '\0' and not '\\' && !char.IsWhiteSpace(c) && !IsQuote(c);

    /// <summary><c>\*</c>, <c>\#</c>, <c>\@</c> end a word that they touch; other backslashes may belong to a path in it.</summary>
    private bool StartsGeneralSwitch(int index) => CharacterAt(index) == '\\' && CharacterAt(index + 1) is '*' or '#' or '@';

    private char CharacterAt(int index) => index < _elements.Count && _elements[index].Kind == Kind.Character ? _elements[index].Character : '\0';

    private InstructionPosition After(int index) => _elements[index].At with { Offset = _elements[index].At.Offset + 1 };

    private static bool IsQuote(char c) => c is '"' or '\u201C' or '\u201D' or '\u201E' or '\u201F';

    private static bool IsOperator(char c) => c is '=' or '<' or '>';

    /// <summary>Collects text and nested fields.</summary>
    private sealed class Pieces
    {
        private readonly List<ArgumentPiece> _all = [];
        private readonly StringBuilder _text = new();

        public void Add(char c) => _text.Append(c);

        public void Add(FieldNode node)
        {
            EndText();
            _all.Add(new("", node));
        }

        public List<ArgumentPiece> Take()
        {
            EndText();
            return _all;
        }

        private void EndText()
        {
            if (_text.Length > 0)
            {
                _all.Add(new(_text.ToString(), null));
                _text.Clear();
            }
        }
    }
}
