namespace ClinicFlow.Documents.Fields;

/// <summary>SET (ECMA-376 Part 1 §17.16.5.57): gives a bookmark a text. Prints nothing.</summary>
internal sealed class SetField : WordField
{
    public SetField(FieldSource source)
        : base(source)
    {
        Bookmark = Instruction.Argument(0)?.Constant?.Trim() ?? "";
        Problem = RefField.IsBookmarkName(Bookmark) ? null : FieldProblem.NotUnderstood(Instruction, "A SET field has no bookmark name.", "Write { SET name \"text\" }.");
    }

    /// <summary>The bookmark's name.</summary>
    public string Bookmark { get; }

    /// <inheritdoc/>
    public override Problem? Problem { get; }

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        if (Problem is not null)
        {
            return FieldProblem.Error(FieldErrors.BookmarkNameMissing, Problem);
        }

        var text = Evaluate(Instruction.Argument(1), scope);
        scope.Bookmarks[Bookmark] = text.Text;
        return new FieldText("", text.MissingField, text.Error);
    }
}

/// <summary>REF (§17.16.5.51), or a bookmark's name alone: the bookmark's text.</summary>
internal sealed class RefField : WordField
{
    public RefField(FieldSource source)
        : base(source) => Bookmark = (Name == "REF" ? Instruction.Argument(0)?.Constant : Instruction.WrittenName)?.Trim() ?? "";

    /// <summary>The bookmark's name.</summary>
    public string Bookmark { get; }

    /// <summary>Whether it asks for a number or page and not for text.</summary>
    public bool NeedsLayout => Instruction.Has(@"\n") || Instruction.Has(@"\r") || Instruction.Has(@"\w") || Instruction.Has(@"\p") || Instruction.Has(@"\f");

    /// <inheritdoc/>
    public override Problem? Problem => IsBookmarkName(Bookmark) ? null : FieldProblem.NotUnderstood(Instruction, "A REF field has no bookmark name.", "Write { REF name }.");

    /// <summary>Whether a text can be a bookmark's name: a letter or underscore, then letters, digits and underscores, at most 40.</summary>
    public static bool IsBookmarkName(string text)
        => text.Length is > 0 and <= 40 && (char.IsLetter(text[0]) || text[0] == '_') && text.All(c => char.IsLetterOrDigit(c) || c == '_');

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        // A bare name that is no bookmark may still be a field of the record: Word's own merge reads it so.
        if (scope.Bookmarks.TryGetValue(Bookmark, out var text))
        {
            return new FieldText(text);
        }

        return FieldProblem.Error(Name == "REF" ? FieldErrors.ReferenceNotFound : FieldErrors.BookmarkNotDefined,
            Problem ?? FieldProblem.NotUnderstood(Instruction, $"There is no bookmark {FieldProblem.Shorten(Bookmark)}.", "Set it before with a SET field, or correct the name."));
    }
}

/// <summary>ASK (§17.16.5.3): a question asked once a job; the answer is a bookmark's text. Prints nothing.</summary>
internal sealed class AskField : WordField
{
    public AskField(FieldSource source)
        : base(source)
    {
        Bookmark = Instruction.Argument(0)?.Constant?.Trim() ?? "";
        Problem = RefField.IsBookmarkName(Bookmark) ? null : FieldProblem.NotUnderstood(Instruction, "An ASK field has no bookmark name.", "Write { ASK name \"Question?\" \\d \"usual answer\" }.");
    }

    /// <summary>The bookmark's name, which is the parameter's.</summary>
    public string Bookmark { get; }

    /// <summary>The question.</summary>
    public string Prompt => Instruction.Argument(1)?.Constant ?? Bookmark;

    /// <summary>The answer where none is given.</summary>
    public string Default => Instruction.ArgumentOf(@"\d")?.Constant ?? "";

    /// <inheritdoc/>
    public override Problem? Problem { get; }

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        if (Problem is not null)
        {
            return FieldProblem.Error(FieldErrors.BookmarkNameMissing, Problem);
        }

        var given = scope.Parameters.TryGetValue(Bookmark, out var answer) ? new FieldText(answer) : Evaluate(Instruction.ArgumentOf(@"\d"), scope);
        scope.Bookmarks[Bookmark] = given.Text;
        return new FieldText("", given.MissingField, given.Error);
    }
}

/// <summary>FILLIN (§17.16.5.22): a question asked once a job; prints the answer.</summary>
internal sealed class FillInField(FieldSource source) : WordField(source)
{
    /// <summary>The question, which is the parameter's name.</summary>
    public string Prompt => Instruction.Argument(0)?.Constant?.Trim() is { Length: > 0 } prompt ? prompt : "Text";

    /// <summary>The answer where none is given.</summary>
    public string Default => Instruction.ArgumentOf(@"\d")?.Constant ?? "";

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
        => scope.Parameters.TryGetValue(Prompt, out var answer) ? new FieldText(answer) : Evaluate(Instruction.ArgumentOf(@"\d"), scope);
}

/// <summary>QUOTE (§17.16.5.49): its own argument, nested fields evaluated.</summary>
internal sealed class QuoteField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        if (Instruction.Arguments.Count == 1)
        {
            return Instruction.Arguments[0].Evaluate(scope);
        }

        var texts = Instruction.Arguments.Select(argument => argument.Evaluate(scope)).ToArray();
        return new FieldText(string.Join(' ', texts.Select(text => text.Text)), texts.Select(text => text.MissingField).FirstOrDefault(name => name is not null), texts.Select(text => text.Error).FirstOrDefault(error => error is not null));
    }
}

/// <summary>INCLUDEPICTURE (§17.16.5.26): nothing is fetched; it may name an image of the record.</summary>
internal sealed class IncludePictureField(FieldSource source) : WordField(source)
{
    /// <summary>What names the image.</summary>
    public InstructionArgument? Source => Instruction.Argument(0);

    /// <summary>Whether it reads the record: one with a fixed file name is never fetched.</summary>
    public bool ReadsRecord => Source?.Nodes.Count > 0;

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope) => Evaluate(Source, scope);
}

/// <summary>Walks a field and what is nested in it.</summary>
internal static class FieldWalk
{
    /// <summary>The node and all nested ones.</summary>
    public static IEnumerable<FieldNode> Of(FieldNode node)
    {
        yield return node;
        var nested = node switch
        {
            WordField field => field.Instruction.Nodes,
            InstructionArgument argument => argument.Nodes,
            _ => [],
        };
        foreach (var inner in nested.SelectMany(Of))
        {
            yield return inner;
        }
    }

    /// <summary>The question that a field asks; null for all others.</summary>
    public static TemplateParameter? ParameterOf(FieldNode node) => node switch
    {
        AskField { Problem: null } ask => new TemplateParameter(ask.Bookmark, ask.Prompt, ask.Default),
        FillInField fillIn => new TemplateParameter(fillIn.Prompt, fillIn.Prompt, fillIn.Default),
        _ => null,
    };
}
