using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Browser;
using ClinicFlow.Components.Parts;
using ClinicFlow.Components.Processor;
using ClinicFlow.Components.Words;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ClinicFlow.Components;

/// <summary>
/// From a template and a table of patients to a running job, in one flow: choose, check, preview, start. What was entered
/// is kept in the reader's browser until the job is there, so that neither a reload nor a broken connection loses it.
/// </summary>
public sealed partial class BatchDocumentProcessor : IAsyncDisposable
{
    private static readonly TimeSpan KeepDelay = TimeSpan.FromMilliseconds(150);

    private readonly CancellationTokenSource _gone = new();

    // Good for asking still when its source is disposed: what was begun may go on for a moment after the page was left.
    private readonly CancellationToken _isGone;

    private readonly SemaphoreSlim _keeping = new(1, 1);
    private NewBatch _batch = new();
    private ElementReference _root;
    private Confirm _confirm = null!;
    private DocumentPreview? _preview;
    private IReadOnlyList<Template>? _templates;
    private ServerConfig? _config;
    private Trouble? _templateTrouble;
    private Trouble? _dataTrouble;
    private Trouble? _startTrouble;
    private Job? _created;
    private IJSObjectReference? _watch;
    private DotNetObjectReference<BatchDocumentProcessor>? _self;
    private CancellationTokenSource? _reading;
    private ITimer? _keepTimer;
    private string _draftKey = "";
    private string _dataBusy = "";
    private bool _isReady;
    private bool _isTemplateBusy;
    private bool _isStarting;
    private bool _isKeepDue;
    private bool _isTakenUp;
    private bool _isFileKept = true;
    private bool _isFileLost;
    private bool _isElsewhere;
    private bool _isDraftKept = true;
    private TaskCompletionSource _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _dataVersion;

    /// <summary>Made by the page.</summary>
    public BatchDocumentProcessor() => _isGone = _gone.Token;

    /// <summary>A job was created and waits for its turn.</summary>
    [Parameter]
    public EventCallback<Job> OnJobCreated { get; set; }

    /// <summary>A template to begin with, as where the reader comes from its page; null for none. What the reader left off with comes first.</summary>
    [Parameter]
    public Guid? TemplateId { get; set; }

    [Inject]
    private ClinicFlowClient Client { get; set; } = null!;

    [Inject]
    private BrowserPage Page { get; set; } = null!;

    [Inject]
    private Reader Reader { get; set; } = null!;

    [Inject]
    private ClinicFlowComponentsOptions Options { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private string DataSlot => _draftKey + "/data";

    private IReadOnlyList<string> Hindrances => _batch.FindHindrances();

    private bool CanStart => !_isStarting && _dataBusy.Length == 0 && _dataTrouble is null && _batch.Preview is not null && Hindrances.Count == 0;

    private string TakenUpText => _isFileLost ? "Only the file with the patients has to be chosen again: this browser could not keep it." : "This browser kept what you had entered.";

    /// <summary>Called by the page's script, as often as it takes over a bad connection: something was typed or pasted, and the draft may not hold it yet.</summary>
    /// <returns>True, when the draft holds it.</returns>
    [JSInvokable]
    public async Task<bool> TypedAsync()
    {
        var change = await TakeTypedAsync();
        var kept = _kept.Task;
        if (change == TypedChange.Documents)
        {
            await DataChangedAsync();
        }
        else
        {
            Keep();
        }

        StateHasChanged();
        await kept;
        return true;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // What the browser knows is there from the first render on; before, a page may be made where there is no browser.
            await Reader.LoadAsync();
            await LoadTemplatesAsync();
            await TakeUpAsync();
            _isReady = true;
            StateHasChanged();
            if (_batch.Data is not null && _batch.Details is not null)
            {
                await ReadDataAsync();
            }
            else if (TemplateId is { } id && _batch.Template is null && _templates?.FirstOrDefault(template => template.Id == id) is { } wanted)
            {
                await ChooseTemplateAsync(wanted);
            }

            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        if (_keepTimer is not null)
        {
            await _keepTimer.DisposeAsync();
        }

        try
        {
            if (_watch is not null)
            {
                await _watch.InvokeVoidAsync("stop");
                await _watch.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone.
        }

        _self?.Dispose();
        if (_batch.File is { } file)
        {
            await file.DisposeAsync();
        }

        _reading?.Dispose();
        _keeping.Dispose();
        _gone.Dispose();
    }

    private async Task LoadTemplatesAsync()
    {
        try
        {
            _templateTrouble = null;
            _config ??= await Client.Queue.GetConfigAsync(_isGone);
            _templates = [.. (await Client.Templates.ListAsync(_isGone)).Where(template => template.PublishedVersionId is not null)];
            if (_config.PdfEngine is null && _batch.Template is null)
            {
                _batch.Settings = _batch.Settings with { OutputFormat = OutputFormat.Docx };
            }

            if (_batch.AwaitedTemplateId is not null)
            {
                await FetchAwaitedAsync();
                await ReadDataAsync();
            }
        }
        catch (Exception e) when (Trouble.IsOne(e))
        {
            _templateTrouble = Trouble.Of(e);
        }
    }

    /// <summary>Takes up what this reader left off with, and keeps what is typed from now on.</summary>
    private async Task TakeUpAsync()
    {
        try
        {
            // The key is the user's: on a shared computer nobody is shown what another one entered. And it is the tab's.
            (_draftKey, _isElsewhere) = await Page.ClaimDraftAsync("batch/" + (await Client.Session.GetAsync(_isGone)).Id, Options.DraftLifetime);
            if (await Page.OpenDraftAsync(_draftKey) is { } kept)
            {
                if (_batch.TakeUp(kept.Draft, kept.Typed.Where(typed => typed.Length == 2).Select(typed => (typed[0], typed[1]))) is var (_, fileName))
                {
                    await FetchAwaitedAsync();
                    if (!_batch.IsTyped && fileName is not null)
                    {
                        await CopyDataAsync(fileName);
                        _isFileLost = _batch.File is null;
                    }

                    _isTakenUp = _batch.IsWorthKeeping;
                }
                else
                {
                    // What was typed belongs to a draft that nobody can read any more.
                    await Page.ForgetDraftAsync(_draftKey);
                }
            }

            _self = DotNetObjectReference.Create(this);
            _watch = await Page.WatchAsync(_root, _draftKey, _self);
        }
        catch (Exception e) when (e is JSException || Trouble.IsOne(e))
        {
            // A browser that keeps nothing, as in a private window, costs nobody the work itself.
            _draftKey = _draftKey.Length > 0 ? _draftKey : "batch/unknown";
        }
    }

    /// <summary>Fetches the template of the draft; where that cannot be done now, the draft goes on naming it.</summary>
    private async Task FetchAwaitedAsync()
    {
        if (_templates is not null && _templates.FirstOrDefault(template => template.Id == _batch.AwaitedTemplateId) is var found)
        {
            if (found is not null)
            {
                await FetchDetailsAsync(found);
            }

            // One that is not there any more is not waited for.
            _batch.AwaitedTemplateId = found is not null && _batch.Template is null ? found.Id : null;
        }
    }

    /// <summary>Takes what the page's script holds of what was typed.</summary>
    private async Task<TypedChange> TakeTypedAsync()
    {
        var change = TypedChange.None;
        foreach (var typed in await Page.OpenTypedAsync(_draftKey))
        {
            if (typed is [var name, var text] && _batch.Type(name, text) is var made && made > change)
            {
                change = made;
            }
        }

        if (change == TypedChange.Documents)
        {
            var left = _batch.RowsLeftOver;
            _dataTrouble = left > 0 ? new Trouble("too-many-rows", $"{Reader.Number(left)} rows did not fit.", $"A table that is typed holds {Reader.Number(TypedTable.MaxRows)} rows. Save yours as a file in Excel, and choose that.", [], null) : null;
        }

        return change;
    }

    private async Task ChooseTemplateAsync(Template? template)
    {
        _batch.ForgetColumns();
        (_batch.Template, _batch.Details, _batch.AwaitedTemplateId) = (null, null, null);
        if (template is not null)
        {
            _isTemplateBusy = true;
            StateHasChanged();
            await FetchDetailsAsync(template);
            _isTemplateBusy = false;
        }

        await ReadDataAsync();
    }

    private async Task FetchDetailsAsync(Template template)
    {
        try
        {
            _templateTrouble = null;
            _batch.Template = template;
            _batch.Details = await Client.Templates.GetDetailsAsync(template.Id, template.PublishedVersionId ?? template.Versions[0].Id, _isGone);
            _batch.Table.Offer(_batch.Details.Fields.Where(field => field.Type is not ("list" or "group")).Select(field => field.Name));
        }
        catch (Exception e) when (Trouble.IsOne(e))
        {
            (_batch.Template, _templateTrouble) = (null, Trouble.Of(e));
        }
    }

    /// <summary>A Word file that was dropped becomes a template, and is published where it has no errors; its problems are shown where it has.</summary>
    private async Task AddTemplateAsync(ElementReference input)
    {
        _isTemplateBusy = true;
        _templateTrouble = null;
        StateHasChanged();
        var slot = _draftKey + "/template";
        try
        {
            if (await Page.TakeFileAsync(input, slot, Options.MaxTemplateBytes) is not { } chosen)
            {
                return;
            }

            if (chosen.IsTooLarge || !chosen.Name.EndsWith(".docx", StringComparison.OrdinalIgnoreCase))
            {
                _templateTrouble = chosen.IsTooLarge ? TooLarge(Options.MaxTemplateBytes)
                    : new Trouble("not-docx", "This is no Word document (.docx).", "In Word, choose Save as, and Word document (.docx).", [], null);
                return;
            }

            await using var reference = await Page.OpenFileAsync(slot);
            await using var stream = await Page.OpenStreamAsync(reference, Options.MaxTemplateBytes, _isGone);
            using var docx = new MemoryStream();
            await stream.CopyToAsync(docx, _isGone);
            docx.Position = 0;
            var template = await Client.Templates.AddAsync(docx, chosen.Name, cancellation: _isGone);
            var version = template.Versions[0];
            var details = await Client.Templates.GetDetailsAsync(template.Id, version.Id, _isGone);
            if (details.CanRender)
            {
                template = await Client.Templates.PublishAsync(template.Id, version.Id, _isGone);
                _templates = [.. _templates ?? [], template];
            }

            _batch.ForgetColumns();
            (_batch.Template, _batch.Details, _batch.AwaitedTemplateId) = (template, details, null);
            _batch.Table.Offer(details.Fields.Where(field => field.Type is not ("list" or "group")).Select(field => field.Name));
            await ReadDataAsync();
        }
        catch (Exception e) when (Trouble.IsOne(e) || e is JSException)
        {
            _templateTrouble = Trouble.Of(e);
        }
        finally
        {
            _isTemplateBusy = false;
            await Page.DropFileAsync(slot);
        }
    }

    private async Task TakeDataAsync(ElementReference input)
    {
        try
        {
            _dataTrouble = null;
            if (await Page.TakeFileAsync(input, DataSlot, Options.MaxDataBytes) is not { } chosen)
            {
                return;
            }

            if (chosen.IsTooLarge)
            {
                _dataTrouble = TooLarge(Options.MaxDataBytes);
                return;
            }

            if (Path.GetExtension(chosen.Name).ToUpperInvariant() is not (".CSV" or ".TXT" or ".TSV" or ".XLSX" or ".XLSM"))
            {
                _dataTrouble = new Trouble("not-a-table", "This file is not a table that can be read.", "Save it in Excel as .xlsx or as CSV, and choose that file.", [], null);
                return;
            }

            (_isFileKept, _isFileLost) = (chosen.IsKept, false);
            _dataBusy = $"Taking {chosen.Name} ({Reader.Size(chosen.Size)}) …";
            StateHasChanged();
            if (_batch.File is { } before)
            {
                _batch.File = null;
                await before.DisposeAsync();
            }

            _batch.ForgetSheets();
            _batch.ForgetRows();
            await CopyDataAsync(chosen.Name);
            if (_batch.File is null)
            {
                _dataTrouble = new Trouble("empty-file", "This file is empty.", "Save the table in Excel, and choose the file again.", [], null);
            }
        }
        catch (Exception e) when (Trouble.IsOne(e) || e is JSException)
        {
            _dataTrouble = Trouble.Of(e);
        }
        finally
        {
            _dataBusy = "";
        }

        await ReadDataAsync();
    }

    /// <summary>Fetches the file from the browser.</summary>
    private async Task CopyDataAsync(string name)
    {
        await using var reference = await Page.OpenFileAsync(DataSlot);
        if (!BrowserPage.IsNothing(reference))
        {
            await using var stream = await Page.OpenStreamAsync(reference, Options.MaxDataBytes, _isGone);
            _batch.File = await DataFile.CopyAsync(name, stream, reference.Length, _isGone);
        }
    }

    private async Task RemoveDataAsync()
    {
        if (_batch.File is { } file)
        {
            _batch.File = null;
            await file.DisposeAsync();
        }

        _batch.ForgetSheets();
        _batch.ForgetRows();
        _dataTrouble = null;
        _dataVersion++;
        await Page.DropFileAsync(DataSlot);
        Keep();
    }

    /// <summary>What is typed changed, or where the data comes from.</summary>
    private async Task DataChangedAsync()
    {
        if (_batch.IsTyped)
        {
            // Rows of what is typed are mended where they are.
            _batch.LeaveOut.Clear();
            _batch.Corrections.Clear();
        }

        await ReadDataAsync();
    }

    /// <summary>
    /// Has the server look at the data beside the template. The newest question counts; an answer to an older one is not shown,
    /// and none before the browser keeps what was asked: what is seen comes back when the page is loaded again.
    /// </summary>
    private async Task ReadDataAsync()
    {
        var kept = KeepNowAsync();
        if (_reading is not null)
        {
            await _reading.CancelAsync();
        }

        if (_batch.Details is not { CanRender: true } || _batch.Data is not { } data)
        {
            _batch.Preview = null;
            _dataBusy = "";
            await kept;
            return;
        }

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(_isGone);
        _reading = reading;
        _dataTrouble = _dataTrouble?.Code == "too-many-rows" ? _dataTrouble : null;
        _dataBusy = "Reading the patients …";
        StateHasChanged();
        try
        {
            var preview = await AskAsync(data, reading.Token);
            if (!_batch.IsTyped && _reading == reading)
            {
                _batch.TakeSheets(preview.Sheets);
            }

            if (_batch.MatchColumns(preview.Columns))
            {
                preview = await AskAsync(data, reading.Token);
            }

            await kept;
            if (_reading == reading)
            {
                _batch.Preview = preview;
                _dataVersion++;
                Keep();
            }
        }
        catch (Exception e) when (Trouble.IsOne(e) || e is OperationCanceledException or ObjectDisposedException)
        {
            if (_reading == reading && Trouble.IsOne(e))
            {
                // What was seen before stays: where a setting is wrong, it is mended there.
                _dataTrouble = Trouble.Of(e);
                if (e is ClinicFlowApiException { Problem.Sheets: { } sheets })
                {
                    // Another sheet may do.
                    _batch.TakeSheets(sheets);
                }
            }
        }
        finally
        {
            if (_reading == reading)
            {
                (_reading, _dataBusy) = (null, "");
                StateHasChanged();
            }
        }
    }

    private Task<ImportPreview> AskAsync(DataFile data, CancellationToken cancellation)
        => data.ReadAsync(stream => Client.Jobs.PreviewImportAsync(_batch.ToOrder(), stream, data.Name, cancellation), cancellation);

    private async Task<Page<ImportRow>> ReadRowsAsync(long from, int count)
        => _batch.Data is { } data
            ? await data.ReadAsync(stream => Client.Jobs.ReadImportRowsAsync(_batch.ToOrder(), stream, data.Name, from: from, count: count, cancellation: _isGone), _isGone)
            : new Page<ImportRow>([], null);

    private async Task<ImportRow?> ReadRowAsync(long row)
        => _batch.Data is { } data
            && (await data.ReadAsync(stream => Client.Jobs.ReadImportRowsAsync(_batch.ToOrder(), stream, data.Name, row: row, count: 1, cancellation: _isGone), _isGone)).Items is [{ } found] && found.Row == row
            ? found : null;

    private Task ShowRowAsync(long place) => _preview?.ShowAsync(place) ?? Task.CompletedTask;

    private async Task StartAsync()
    {
        if (!CanStart || _batch.Data is not { } data)
        {
            return;
        }

        (_isStarting, _startTrouble) = (true, null);
        StateHasChanged();
        try
        {
            // What was typed while the connection was away may be on its way still: no document is made without it.
            if (await TakeTypedAsync() == TypedChange.Documents)
            {
                await DataChangedAsync();
                return;
            }

            var job = await data.ReadAsync(stream => Client.Jobs.ImportAsync(_batch.ToOrder(), stream, data.Name, _batch.Id.ToString("N"), _isGone), _isGone);
            await ForgetAsync();
            _created = job;
            await OnJobCreated.InvokeAsync(job);
        }
        catch (Exception e) when (Trouble.IsOne(e) || e is JSException)
        {
            _startTrouble = Trouble.Of(e);
        }
        finally
        {
            _isStarting = false;
        }
    }

    private async Task AskToStartAnewAsync()
    {
        if (!_batch.IsWorthKeeping || await _confirm.AskAsync(new Question("Begin anew?", "What you have chosen and entered here is removed. Templates and batches that were started stay.", "Remove and begin anew", "Keep it")))
        {
            await StartAnewAsync();
        }
    }

    private async Task StartAnewAsync()
    {
        await ForgetAsync();
        (_created, _isTakenUp, _dataTrouble, _startTrouble, _templateTrouble, _dataBusy) = (null, false, null, null, null, "");
        if (_templates is null)
        {
            await LoadTemplatesAsync();
        }
    }

    private async Task ForgetAsync()
    {
        if (_keepTimer is not null)
        {
            await _keepTimer.DisposeAsync();
            (_keepTimer, _isKeepDue) = (null, false);
        }

        if (_batch.File is { } file)
        {
            await file.DisposeAsync();
        }

        _batch = new NewBatch { Settings = new JobSettings { OutputFormat = _config?.PdfEngine is null ? OutputFormat.Docx : OutputFormat.Pdf } };
        _dataVersion++;
        try
        {
            await Page.ForgetDraftAsync(_draftKey);
        }
        catch (JSException)
        {
            // A browser that kept nothing has nothing to forget.
        }
    }

    /// <summary>Keeps the draft a moment after a change, with those that follow in that moment.</summary>
    private void Keep()
    {
        if (_draftKey.Length == 0 || _isKeepDue)
        {
            return;
        }

        _isKeepDue = true;

        if (_keepTimer is null)
        {
            _keepTimer = Time.CreateTimer(_ => _ = InvokeAsync(KeepAsync), null, KeepDelay, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _keepTimer.Change(KeepDelay, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Keeps the draft at once, with what was to be kept in a moment: for a choice that is shown as made.</summary>
    private Task KeepNowAsync()
    {
        _keepTimer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return _draftKey.Length == 0 ? Task.CompletedTask : KeepAsync();
    }

    private async Task KeepAsync()
    {
        // Whoever waits has made the change before; what comes from here on waits for the next time.
        _isKeepDue = false;
        var kept = _kept;
        _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_gone.IsCancellationRequested || _created is not null || !_batch.IsWorthKeeping)
        {
            kept.SetResult();
            return;
        }

        await _keeping.WaitAsync();
        try
        {
            var isKept = await Page.SaveDraftAsync(_draftKey, _batch.ToDraft());
            if (isKept != _isDraftKept)
            {
                _isDraftKept = isKept;
                StateHasChanged();
            }

            kept.SetResult();
        }
        catch (Exception e) when (e is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The next change is kept with all before it. Who waits is told when that is so.
            _ = _kept.Task.ContinueWith(_ => kept.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
        finally
        {
            if (!_gone.IsCancellationRequested)
            {
                _keeping.Release();
            }
        }
    }

    private Trouble TooLarge(long most) => new("too-large", "This file is too large.", $"Files of up to {Reader.Size(most)} can be taken.", [], null);
}
