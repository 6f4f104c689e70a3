using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>How a transformer is known inside a saved ML.NET pipeline.</summary>
/// <param name="Signature">Exactly eight characters, unique to the transformer.</param>
/// <param name="Loader">The name under which <c>LoadableClass</c> registers it.</param>
/// <param name="Version">What this version writes; older ones down to <paramref name="OldestReadable"/> can be read.</param>
/// <param name="OldestReadable">The oldest version that this one still reads.</param>
internal sealed record PipelineSignature(string Signature, string Loader, uint Version, uint OldestReadable)
{
    internal VersionInfo ToVersionInfo() => new(
        modelSignature: Signature,
        verWrittenCur: Version,
        verReadableCur: Version,
        verWeCanReadBack: OldestReadable,
        loaderSignature: Loader,
        // The simple name: a saved pipeline stays loadable when the assembly's version moves on.
        loaderAssemblyName: typeof(PipelineSignature).Assembly.GetName().Name!);
}
