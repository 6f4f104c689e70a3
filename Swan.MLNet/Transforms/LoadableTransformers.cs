using Microsoft.ML;
using Microsoft.ML.Runtime;
using Swan.MLNet.Transforms;

// mlContext.Model.Load finds a transformer's private Create(IHostEnvironment, ModelLoadContext) through these, in a process that registers nothing.
[assembly: LoadableClass(typeof(SwanEmbeddingTransformer), null, typeof(SignatureLoadModel), "SWAN embedding", SwanEmbeddingTransformer.LoaderName)]
[assembly: LoadableClass(typeof(SwanSearchTransformer), null, typeof(SignatureLoadModel), "SWAN search", SwanSearchTransformer.LoaderName)]
[assembly: LoadableClass(typeof(SwanZeroShotTransformer), null, typeof(SignatureLoadModel), "SWAN zero-shot", SwanZeroShotTransformer.LoaderName)]
