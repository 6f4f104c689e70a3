using Microsoft.Extensions.Options;
using Swan.MLNet.Search;

namespace Swan.MLNet.Hosting;

/// <summary>Which living index <c>services.AddSwanIndex</c> serves, and how.</summary>
/// <remarks>Can be bound to configuration.</remarks>
public sealed class SwanIndexServiceOptions
{
    /// <summary>A folder of <see cref="SwanLiveIndex.Create"/>, <c>BuildLiveIndex</c> or <c>swan index build</c>.</summary>
    /// <remarks>Required.</remarks>
    public string Folder { get; set; } = "";

    /// <summary>How often the folder is checked for commits of other processes, or for another index in its place.</summary>
    /// <remarks>Default 1 s; 0.01 s to 1 day. A check is one call to the file system.</remarks>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the index is opened when the host starts, which fails if that is not possible (default false: at its first use).
    /// </summary>
    public bool WarmUp { get; set; }

    /// <summary>All that is wrong.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Folder)) yield return $"{nameof(Folder)} is not set; expected the folder of a living index";
        else if (!File.Exists(new IndexFolder(Folder).Manifest))
        {
            yield return $"{nameof(Folder)} is '{Folder}', but there is no index (looked for '{new IndexFolder(Folder).Manifest}'). "
                + "Make one with SwanLiveIndex.Create, BuildLiveIndex or 'swan index build'";
        }
        if (RefreshInterval < TimeSpan.FromSeconds(0.01) || RefreshInterval > TimeSpan.FromDays(1))
            yield return $"{nameof(RefreshInterval)} is {RefreshInterval}; expected 00:00:00.01 to 1.00:00:00";
    }
}

/// <summary>Reports all that is wrong at once, when the host starts or at the first use.</summary>
internal sealed class SwanIndexServiceOptionsValidation : IValidateOptions<SwanIndexServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, SwanIndexServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SwanOptionsValidation.Result("SwanIndexServiceOptions", name, [.. options.Faults()]);
    }
}
