using Microsoft.JSInterop;

namespace ClinicFlow.Components.Browser;

/// <summary>What the components ask of the reader's browser, through their one script.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private const string Script = "./_content/ClinicFlow.Components/browser.js";

    private readonly IJSRuntime _js;
    private Task<IJSObjectReference>? _module;

    /// <summary>Made by the app, one for each reader.</summary>
    public BrowserPage(IJSRuntime js) => _js = js;

    /// <summary>Forgets every batch that was begun and not started, with its data: for an app to call when somebody signs out.</summary>
    public async Task ForgetDraftsAsync() => await (await ModuleAsync()).InvokeVoidAsync("forgetDrafts");

    internal Task<IJSObjectReference> ModuleAsync() => _module ??= _js.InvokeAsync<IJSObjectReference>("import", Script).AsTask();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
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
}
