using System.Buffers;
using System.Collections.Concurrent;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Docx.Deflate;
using ClinicFlow.Documents.Merge;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Docx;

/// <summary>A story that differs from document to document.</summary>
/// <param name="PartName">The part's name in the package.</param>
/// <param name="StoryName">What messages call it.</param>
/// <param name="Program">What binds a record to it.</param>
/// <param name="Deflate">Its literal segments, deflated once.</param>
internal sealed record StoryPart(string PartName, string StoryName, MergeProgram Program, SplicedDeflate Deflate);

/// <summary>An entry of every document: first those that are the same in all, each group in the order of the template's own.</summary>
internal abstract record DocxEntry
{
    private DocxEntry()
    {
    }

    /// <summary>An entry that is the same in all documents.</summary>
    internal sealed record Copied(ZipEntryTemplate Entry) : DocxEntry;

    /// <summary>A story; the index is that of <see cref="DocxTemplate.Stories"/>.</summary>
    internal sealed record Bound(string Name, int Story) : DocxEntry;

    /// <summary>A story's relationships: the same in all documents that bring no image into the story.</summary>
    internal sealed record Relationships(int Story, ExtensiblePart Part) : DocxEntry;

    /// <summary>The numbering definitions: the same in all documents without lists in rich content.</summary>
    internal sealed record Numbering(ExtensiblePart Part) : DocxEntry;
}

/// <summary>A part that a record may add elements to, at one place.</summary>
internal sealed record ExtensiblePart(ZipEntryTemplate Unchanged, string Name, byte[] Before, byte[] After);

/// <summary>A compiled DOCX: all that is the same in every document, and the programs for what is not. Immutable.</summary>
/// <param name="Facts">What the template knows about itself.</param>
/// <param name="Stories">The stories that differ, the body first.</param>
/// <param name="Entries">All entries in their order.</param>
/// <param name="NewRelationships">For each story, makes the list of the relationships that a record adds to it.</param>
/// <param name="Fields">What the template reads.</param>
/// <param name="Problems">What is wrong with it.</param>
internal sealed record DocxTemplate(
    TemplateFacts Facts,
    IReadOnlyList<StoryPart> Stories,
    IReadOnlyList<DocxEntry> Entries,
    Func<int, RelationshipList> NewRelationships,
    FieldList Fields,
    IReadOnlyList<Problem> Problems)
{
    private readonly ConcurrentQueue<DocxScratch> _idle = new();
    private readonly ZipStart _start = new([.. Entries.TakeWhile(entry => entry is DocxEntry.Copied).Select(entry => ((DocxEntry.Copied)entry).Entry)]);

    /// <summary>What every document begins with.</summary>
    public ReadOnlyMemory<byte> CommonStart => _start.Local;

    /// <summary>Renders one document.</summary>
    /// <param name="record">The first record.</param>
    /// <param name="records">Further records for NEXT; null where there are none.</param>
    /// <param name="sequence">How many documents were merged before.</param>
    /// <param name="options">The job's options.</param>
    /// <param name="output">Receives the document, once nothing can go wrong any more.</param>
    public RenderResult Render(MergeRecord record, IEnumerator<MergeRecord>? records, long sequence, RenderOptions options, IBufferWriter<byte> output)
    {
        var scratch = Rent();
        try
        {
            return Fill(scratch, record, records, sequence, options) ?? new RenderResult.Rendered(Write(scratch, scratch.Content(), output), Warnings(scratch));
        }
        finally
        {
            _idle.Enqueue(scratch);
        }
    }

    /// <summary>Binds one document without packing it; arguments as of <see cref="Render"/>.</summary>
    public BindResult Bind(MergeRecord record, IEnumerator<MergeRecord>? records, long sequence, RenderOptions options)
    {
        var scratch = Rent();
        try
        {
            return Fill(scratch, record, records, sequence, options) switch
            {
                null => new BindResult.Bound(new BoundDocument(this, scratch.Content().Copy()), Warnings(scratch)),
                RenderResult.Skipped => new BindResult.Skipped(),
                RenderResult.Refused refused => new BindResult.Refused(refused.Problems),
                var other => throw new System.Diagnostics.UnreachableException($"{other.GetType()}"),
            };
        }
        finally
        {
            _idle.Enqueue(scratch);
        }
    }

    /// <summary>Packs a document that was bound before.</summary>
    public long Write(in BoundContent content, IBufferWriter<byte> output)
    {
        var scratch = Rent();
        try
        {
            return Write(scratch, content, output);
        }
        finally
        {
            _idle.Enqueue(scratch);
        }
    }

    /// <summary>
    /// Packs what is the same in all documents. The stories that differ are there by name only: whoever reads this must not ask for them.
    /// </summary>
    public void WriteShell(IBufferWriter<byte> output)
    {
        var zip = new ZipWriter();
        zip.Start(output);
        foreach (var entry in Entries)
        {
            switch (entry)
            {
                case DocxEntry.Copied copied:
                    zip.Copy(copied.Entry);
                    break;
                case DocxEntry.Bound bound:
                    zip.AddStored(bound.Name, []);
                    break;
                case DocxEntry.Relationships relationships:
                    zip.Copy(relationships.Part.Unchanged);
                    break;
                case DocxEntry.Numbering numbering:
                    zip.Copy(numbering.Part.Unchanged);
                    break;
            }
        }

        zip.Finish();
    }

    private DocxScratch Rent() => _idle.TryDequeue(out var scratch) ? scratch : new DocxScratch(this);

    // Null where the record is bound; what to say where there is no document.
    private RenderResult? Fill(DocxScratch scratch, MergeRecord record, IEnumerator<MergeRecord>? records, long sequence, RenderOptions options)
    {
        var binder = scratch.Binder;
        binder.Start(Facts, options, record, records, sequence);
        for (var i = 0; i < Stories.Count && !binder.IsTooLarge; i++)
        {
            scratch.Relationships[i].Clear();
            binder.Bind(Stories[i].Program, scratch.Bound[i], scratch.Relationships[i]);
        }

        if (binder.IsSkipped)
        {
            return new RenderResult.Skipped();
        }

        if (binder.IsTooLarge)
        {
            return new RenderResult.Refused([.. binder.Problems, new Problem(ProblemCode.DocumentTooLarge, $"The record would make a document over {options.MaxDocumentBytes:N0} bytes.")
            {
                Advice = "Look for a list with far too many items in the record.",
                Row = record.Row,
            }]);
        }

        return binder.HasErrors ? new RenderResult.Refused([.. binder.Problems]) : null;
    }

    private static Problem[] Warnings(DocxScratch scratch) => scratch.Binder.Problems.Count == 0 ? [] : [.. scratch.Binder.Problems];

    private long Write(DocxScratch scratch, in BoundContent content, IBufferWriter<byte> output)
    {
        var zip = scratch.Zip;
        zip.Start(output, _start);
        for (var i = _start.Count; i < Entries.Count; i++)
        {
            switch (Entries[i])
            {
                case DocxEntry.Copied copied:
                    zip.Copy(copied.Entry);
                    break;
                case DocxEntry.Bound bound:
                    ref readonly var story = ref content.Stories[bound.Story];
                    scratch.Deflated.ResetWrittenCount();
                    var (crc, _, length) = Stories[bound.Story].Deflate.Encode(story.Ops.Span, story.Bytes.Span, story.Chunks.Span, scratch.Splicing, scratch.Deflated);
                    zip.AddDeflated(bound.Name, scratch.Deflated.WrittenSpan, crc, length);
                    break;
                case DocxEntry.Relationships relationships when content.Relationships[relationships.Story] is { } added:
                    Extend(relationships.Part, added.Xml);
                    break;
                case DocxEntry.Relationships relationships:
                    zip.Copy(relationships.Part.Unchanged);
                    break;
                case DocxEntry.Numbering numbering when content.Numbering.Length > 0:
                    Extend(numbering.Part, content.Numbering.Span);
                    break;
                case DocxEntry.Numbering numbering:
                    zip.Copy(numbering.Part.Unchanged);
                    break;
            }
        }

        foreach (var media in content.Media)
        {
            zip.AddStored(media.PartName, media.Bytes.Span);
        }

        return zip.Finish();

        void Extend(ExtensiblePart part, ReadOnlySpan<byte> added)
        {
            scratch.Extended.ResetWrittenCount();
            scratch.Extended.Write(part.Before);
            scratch.Extended.Write(added);
            scratch.Extended.Write(part.After);
            zip.AddStored(part.Name, scratch.Extended.WrittenSpan);
        }
    }
}

/// <summary>All that one document needs while it is made, kept for the next one. Used by one thread at a time.</summary>
internal sealed class DocxScratch
{
    private readonly StoryContent[] _stories;
    private readonly AddedRelationships?[] _relationships;

    public DocxScratch(DocxTemplate template)
    {
        (_stories, _relationships) = (new StoryContent[template.Stories.Count], new AddedRelationships?[template.Stories.Count]);
        Bound = [.. template.Stories.Select(_ => new BoundStory())];
        Relationships = [.. template.Stories.Select((_, index) => template.NewRelationships(index))];
    }

    public Binder Binder { get; } = new();

    public BoundStory[] Bound { get; }

    /// <summary>What is bound now; valid until the next document.</summary>
    public BoundContent Content()
    {
        for (var i = 0; i < Bound.Length; i++)
        {
            _stories[i] = Bound[i].Content;
            _relationships[i] = Relationships[i].Added;
        }

        return new(_stories, _relationships, Binder.NumberingXml, Binder.Media);
    }

    public RelationshipList[] Relationships { get; }

    public SplicedScratch Splicing { get; } = new();

    public ZipWriter Zip { get; } = new();

    public ArrayBufferWriter<byte> Deflated { get; } = new();

    public ArrayBufferWriter<byte> Extended { get; } = new();
}
