using Microsoft.Extensions.Options;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Hosting;

/// <summary>
/// Which saved ML.NET pipeline a <see cref="SwanPredictionEnginePool{TData, TPrediction}"/> serves, and how it follows the file.
/// </summary>
public sealed class SwanPredictionEnginePoolOptions
{
    /// <summary>A file that <c>mlContext.Model.Save</c> wrote.</summary>
    /// <remarks>Required.</remarks>
    public string PipelinePath { get; set; } = "";

    /// <summary>
    /// This machine's settings for the pipeline's SWAN embeddings, applied at each load (default null: the saved settings and the
    /// environment variables).
    /// </summary>
    public SwanLoadOptions? Load { get; set; }

    /// <summary>Whether changes of the file are followed (default true).</summary>
    /// <remarks>New content is put into service when it is complete and usable.</remarks>
    public bool Reload { get; set; } = true;

    /// <summary>How long the file must stay unchanged before it is read.</summary>
    /// <remarks>Default 1 s; 0.01 s to 1 h. Choose it longer than any pause of a program that writes the file in place.</remarks>
    public TimeSpan QuietPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the file is checked without a notification of change.</summary>
    /// <remarks>
    /// Default 10 s; 0.01 s to 1 day. This finds changes that watching misses, as on network shares. New content with the old length and
    /// time is found at every thirtieth check, which reads the file.
    /// </remarks>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the operating system reports changes, which finds them sooner than polling (default true).
    /// </summary>
    public bool Watch { get; set; } = true;

    /// <summary>Whether a field of the prediction without a column in the pipeline may keep its default value.</summary>
    /// <remarks>Default false: such a pipeline is refused, because a renamed column would otherwise give zeros.</remarks>
    public bool IgnoreMissingColumns { get; set; }

    /// <summary>
    /// Whether the pipeline is loaded when the host starts, which fails if it is unusable (default false: at its first use).
    /// </summary>
    public bool WarmUp { get; set; }

    internal SwanPredictionEnginePoolOptions Copy() => (SwanPredictionEnginePoolOptions)MemberwiseClone();

    /// <summary>All that is wrong.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(PipelinePath))
            yield return $"{nameof(PipelinePath)} is not set; expected a file that mlContext.Model.Save wrote";
        else if (!File.Exists(PipelinePath))
        {
            yield return $"{nameof(PipelinePath)} is '{PipelinePath}', but there is no such file (looked for "
                + $"'{Path.GetFullPath(PipelinePath)}')";
        }
        if (QuietPeriod < TimeSpan.FromSeconds(0.01) || QuietPeriod > TimeSpan.FromHours(1))
            yield return $"{nameof(QuietPeriod)} is {QuietPeriod}; expected 00:00:00.01 to 01:00:00";
        if (PollInterval < TimeSpan.FromSeconds(0.01) || PollInterval > TimeSpan.FromDays(1))
            yield return $"{nameof(PollInterval)} is {PollInterval}; expected 00:00:00.01 to 1.00:00:00";
    }
}

/// <summary>Reports all that is wrong at once, when the host starts or at the first use.</summary>
internal sealed class SwanPredictionEnginePoolOptionsValidation : IValidateOptions<SwanPredictionEnginePoolOptions>
{
    public ValidateOptionsResult Validate(string? name, SwanPredictionEnginePoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SwanOptionsValidation.Result("SwanPredictionEnginePoolOptions", name, [.. options.Faults()]);
    }
}
