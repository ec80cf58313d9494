using Bunit;
using ClinicFlow.Client;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace ClinicFlow.Components.Tests.Pages;

/// <summary>A page with one component, for a user of a real server. The browser is bUnit's: what the page's script would keep is given and taken here.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BunitContext _context = new();

    public Screen(Uri address, string key, string draft = "", byte[]? file = null, string fileName = "", string typed = "", bool isElsewhere = false)
    {
        Client = new ClinicFlowClient(address, key);
        _context.Services.AddClinicFlowComponents();
        _context.Services.AddScoped(_ => Client);
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        Script = _context.JSInterop.SetupModule("./_content/ClinicFlow.Components/browser.js");
        Script.Mode = JSRuntimeMode.Loose;
        Script.Setup<Browser.ReaderFacts>("reader").SetResult(new Browser.ReaderFacts("Europe/Vienna", "de-AT"));
        Script.Setup<Browser.ClaimedDraft>("claimDraft", _ => true).SetResult(new Browser.ClaimedDraft("batch/of-this-tab", isElsewhere));
        Script.Setup<bool>("saveDraft", _ => true).SetResult(true);
        Script.Setup<IJSStreamReference>("openTyped", _ => true).SetResult(new Kept(System.Text.Encoding.UTF8.GetBytes(typed.Length > 0 ? typed : " ")));
        Script.Setup<IJSStreamReference>("openDraft", _ => true).SetResult(new Kept(System.Text.Encoding.UTF8.GetBytes(draft.Length > 0 ? draft : " ")));
        Script.Setup<IJSStreamReference>("openFile", _ => true).SetResult(new Kept(file ?? " "u8.ToArray()));
        Script.Setup<Browser.ChosenFile?>("takeFile", _ => true).SetResult(new Browser.ChosenFile(fileName, file?.Length ?? 0, true, false));
        Script.SetupModule("watch", _ => true).Mode = JSRuntimeMode.Loose;
    }

    public ClinicFlowClient Client { get; }

    public BunitJSModuleInterop Script { get; }

    public IRenderedComponent<T> Show<T>(Action<ComponentParameterCollectionBuilder<T>>? with = null)
        where T : IComponent
        => _context.Render<T>(with ?? (_ => { }));

    /// <summary>Waits until something is so: looked at again and again, since not all of it is told by a rendering.</summary>
    public static void Until<T>(IRenderedComponent<T> page, Action assertion)
        where T : IComponent
    {
        for (var begun = System.Diagnostics.Stopwatch.GetTimestamp(); ; Thread.Sleep(20))
        {
            try
            {
                page.InvokeAsync(assertion).GetAwaiter().GetResult();
                return;
            }
            catch (Exception) when (System.Diagnostics.Stopwatch.GetElapsedTime(begun) < Patience)
            {
                // Not yet.
            }
        }
    }

    /// <summary>Waits until something is so that no rendering tells of, such as a call into the browser.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        for (var begun = System.Diagnostics.Stopwatch.GetTimestamp(); !isSo(); await Task.Delay(20))
        {
            Xunit.Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < Patience, "It did not become so.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
        await Client.DisposeAsync();
    }

    private sealed class Kept(byte[] bytes) : IJSStreamReference
    {
        // As Blazor's own: a stream of no bytes is refused.
        private readonly byte[] _bytes = bytes.Length > 0 ? bytes : throw new ArgumentException("Blazor takes no empty stream.", nameof(bytes));

        public long Length => _bytes.Length;

        public ValueTask<Stream> OpenReadStreamAsync(long maxAllowedSize = 512_000, CancellationToken cancellationToken = default) => ValueTask.FromResult<Stream>(new MemoryStream(_bytes));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
