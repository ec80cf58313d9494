using System.Text.Json;
using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ClinicFlow.Components.Browser;

/// <summary>
/// What the components ask of the reader's browser, through their one script. What can be long comes as a stream: a
/// message of a page's connection is short.
/// </summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private const string Script = "./_content/ClinicFlow.Components/browser.js";
    private const long MaxDraftBytes = 64L << 20;

    private readonly IJSRuntime _js;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _gone = new();
    private Task<IJSObjectReference>? _module;

    /// <summary>Made by the app, one for each reader.</summary>
    public BrowserPage(IJSRuntime js, TimeProvider time) => (_js, _time) = (js, time);

    /// <summary>Forgets every batch that was begun and not started, with its data: for an app to call when somebody signs out.</summary>
    public async Task ForgetDraftsAsync() => await (await ModuleAsync()).InvokeVoidAsync("forgetDrafts");

    internal async Task<ReaderFacts> ReaderAsync() => await (await ModuleAsync()).InvokeAsync<ReaderFacts>("reader");

    internal async Task<ChosenFile?> TakeFileAsync(ElementReference input, string slot, long mostBytes) => await (await ModuleAsync()).InvokeAsync<ChosenFile?>("takeFile", input, slot, mostBytes);

    internal async Task<IJSStreamReference> OpenFileAsync(string slot) => await (await ModuleAsync()).InvokeAsync<IJSStreamReference>("openFile", slot);

    /// <summary>Opens what a reference stands for.</summary>
    /// <exception cref="IOException">The browser sends nothing.</exception>
    internal Task<BrowserStream> OpenStreamAsync(IJSStreamReference reference, long mostBytes, CancellationToken cancellation)
        => BrowserStream.OpenAsync(stop => reference.OpenReadStreamAsync(mostBytes, stop), _time, cancellation);

    /// <summary>Whether a stream stands for nothing: one byte, because one of none cannot be told of.</summary>
    internal static bool IsNothing(IJSStreamReference reference) => reference.Length <= 1;

    internal async Task DropFileAsync(string slot) => await (await ModuleAsync()).InvokeVoidAsync("dropFile", slot);

    internal async Task<bool> SaveDraftAsync(string key, string json) => await (await ModuleAsync()).InvokeAsync<bool>("saveDraft", key, json);

    internal async Task<ClaimedDraft> ClaimDraftAsync(string user, TimeSpan lifetime) => await (await ModuleAsync()).InvokeAsync<ClaimedDraft>("claimDraft", user, (long)lifetime.TotalMilliseconds);

    internal async Task<KeptDraft?> OpenDraftAsync(string key)
    {
        await using var reference = await (await ModuleAsync()).InvokeAsync<IJSStreamReference>("openDraft", key);
        return await ReadAsync<KeptDraft>(reference);
    }

    /// <summary>What was typed and pasted and is not known to be in the draft: pairs of a field's name and its text, in their order.</summary>
    internal async Task<IReadOnlyList<string[]>> OpenTypedAsync(string key)
    {
        await using var reference = await (await ModuleAsync()).InvokeAsync<IJSStreamReference>("openTyped", key);
        return await ReadAsync<string[][]>(reference) ?? [];
    }

    internal async Task ForgetDraftAsync(string key) => await (await ModuleAsync()).InvokeVoidAsync("forgetDraft", key);

    internal async Task<IJSObjectReference> WatchAsync<T>(ElementReference root, string key, DotNetObjectReference<T> page)
        where T : class
        => await (await ModuleAsync()).InvokeAsync<IJSObjectReference>("watch", root, key, page);

    internal async Task<bool> ShowPdfAsync(ElementReference frame, ElementReference link, DotNetStreamReference pdf) => await (await ModuleAsync()).InvokeAsync<bool>("showPdf", frame, link, pdf);

    internal async Task ShowDialogAsync(ElementReference dialog) => await (await ModuleAsync()).InvokeVoidAsync("showDialog", dialog);

    internal async Task CloseDialogAsync(ElementReference dialog) => await (await ModuleAsync()).InvokeVoidAsync("closeDialog", dialog);

    internal async Task FocusAsync(ElementReference element) => await (await ModuleAsync()).InvokeVoidAsync("focus", element);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // What a closed page was asked for does not come any more; waiting for it would end in an error of the server a minute later.
        if (!_gone.IsCancellationRequested)
        {
            await _gone.CancelAsync();
            _gone.Dispose();
        }

        if (_module is { IsCompletedSuccessfully: true })
        {
            try
            {
                await (await _module).DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The page is gone, and its script with it.
            }
        }
    }

    private async Task<T?> ReadAsync<T>(IJSStreamReference reference)
        where T : class
    {
        if (IsNothing(reference))
        {
            return null;
        }

        await using var stream = await OpenStreamAsync(reference, MaxDraftBytes, _gone.Token);
        return await JsonSerializer.DeserializeAsync<T>(stream, Wire.Json, _gone.Token);
    }

    // A script that could not be fetched is asked for again by the next call.
    private Task<IJSObjectReference> ModuleAsync()
        => _module is null or { IsFaulted: true } or { IsCanceled: true } ? _module = _js.InvokeAsync<IJSObjectReference>("import", Script).AsTask() : _module;
}

/// <summary>Where the reader is.</summary>
/// <param name="Zone">The time zone, such as <c>Europe/Vienna</c>.</param>
/// <param name="Language">The language, such as <c>de-AT</c>.</param>
internal sealed record ReaderFacts(string Zone, string Language);

/// <summary>A file that was chosen.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">How long it is, in bytes.</param>
/// <param name="IsKept">Whether the browser has it after a reload.</param>
/// <param name="IsTooLarge">Whether it was not taken, because it is too large.</param>
internal sealed record ChosenFile(string Name, long Size, bool IsKept, bool IsTooLarge);

/// <summary>The draft of this tab.</summary>
/// <param name="Key">Its key.</param>
/// <param name="IsElsewhere">Whether other tabs of the same user hold drafts.</param>
internal sealed record ClaimedDraft(string Key, bool IsElsewhere);

/// <summary>A draft as the browser kept it.</summary>
/// <param name="Draft">The draft, as JSON.</param>
/// <param name="Typed">What was typed and pasted since: pairs of a field's name and its text, in their order.</param>
/// <param name="SavedAt">When it was kept, in milliseconds since 1970.</param>
internal sealed record KeptDraft(string Draft, IReadOnlyList<string[]> Typed, double SavedAt);
