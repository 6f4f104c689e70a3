using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Swan.MLNet.DataViews;

/// <summary>ML.NET's environment behind a catalog, and its log.</summary>
internal static class MlNetEnvironment
{
    /// <summary>The environment of the <see cref="MLContext"/> that a catalog belongs to.</summary>
    public static IHostEnvironment Get(TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ((IInternalCatalog)catalog).Environment;
    }

    /// <summary>A part's own host: its name stands before its log lines, and its generator is its own.</summary>
    public static IHost Host(IHostEnvironment environment, string part)
    {
        ArgumentNullException.ThrowIfNull(environment);
        // Without a seed, Register draws one from the caller's generator. What a later trainer learns under MLContext(seed) would then
        // depend on what was logged before. Nothing of Swan is random.
        return environment.Register(part, seed: 0);
    }

    /// <summary>Writes a line that <c>MLContext.Log</c> receives.</summary>
    public static void Info(IHost host, string task, string message)
    {
        using IChannel channel = host.Start(task);
        channel.Info(MessageSensitivity.None, message);
    }

    /// <summary>Writes a <c>Trace</c> line that <c>MLContext.Log</c> receives.</summary>
    public static void Debug(IHost host, string task, string message)
    {
        using IChannel channel = host.Start(task);
        channel.Trace(MessageSensitivity.UserData, message);
    }

    /// <summary>Writes a warning that <c>MLContext.Log</c> receives.</summary>
    public static void Warning(IHost host, string task, string message)
    {
        using IChannel channel = host.Start(task);
        channel.Warning(MessageSensitivity.UserData, message);
    }
}
