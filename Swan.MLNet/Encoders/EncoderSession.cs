using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>
/// One ONNX Runtime session with an <c>embedding</c> output. <c>Run</c> is safe for concurrent use; weights are held once.
/// </summary>
internal sealed class EncoderSession : IDisposable
{
    public const string OutputName = "embedding";

    private static readonly string[] OutputNames = [OutputName];

    private readonly InferenceSession _session;
    private readonly string _what;
    private readonly int _embeddingSize;
    private readonly long _maxBytes;

    private long _batches;
    private long _runs;
    private long _rows;
    private long _encoded;
    private readonly ReferenceCount _users;
    private int _disposed;

    private EncoderSession(InferenceSession session, string what, EncoderDevice device, int embeddingSize, long maxBytes)
    {
        (_session, _what, _embeddingSize, _maxBytes) = (session, what, embeddingSize, maxBytes);
        _users = new ReferenceCount(session.Dispose);
        Device = device;
        Turns = new EncoderTurns(device.RunsAtOnce, device.ThreadsPerRun);
    }

    public EncoderDevice Device { get; }

    /// <summary>What its runs wait for.</summary>
    public EncoderTurns Turns { get; }

    /// <summary>Finished batches so far, to check that rows were batched.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Finished runs so far.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    /// <summary>Rows of finished batches so far, to check for needless requests.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Rows of finished runs so far: fewer than <see cref="Rows"/> where equal captions shared one.</summary>
    public long Encoded => Interlocked.Read(ref _encoded);

    /// <summary>Opens a session and checks that its inputs and output are what the contract says.</summary>
    /// <param name="onnx">The graph.</param>
    /// <param name="what">Entry and file, for messages.</param>
    /// <param name="embeddingSize">D.</param>
    /// <param name="inputs">Name, element type and shape (-1 where any size will do) of each input.</param>
    /// <param name="options">Device and threads asked for.</param>
    public static EncoderSession Open(
        byte[] onnx, string what, int embeddingSize, (string Name, TensorElementType Type, int[] Shape)[] inputs, EncoderOptions options)
    {
        InferenceSession session;
        EncoderDevice taken;
        long maxBytes = SwanResources.MaxEncoderBytes;
        try
        {
            (session, taken) = EncoderDevice.Open(onnx, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new SwanFormatException($"{what} is not a graph that ONNX Runtime can run: {e.Message} Export the model again.", e);
        }
        try
        {
            if (session.InputMetadata.Count != inputs.Length)
            {
                throw Mismatch(what, $"takes {string.Join(", ", session.InputMetadata.Keys)}",
                    $"{string.Join(", ", inputs.Select(i => i.Name))}");
            }
            foreach ((string name, TensorElementType type, int[] shape) in inputs)
                Require(session.InputMetadata, name, type, shape, what, "input");
            Require(session.OutputMetadata, OutputName, TensorElementType.Float, [-1, embeddingSize], what, "output");
            OpeningMemory.GiveBack(onnx.Length);
            return new EncoderSession(session, what, taken, embeddingSize, maxBytes);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins a use of one or several runs, during which the session stays open: ONNX Runtime would read freed memory instead of
    /// complaining.
    /// </summary>
    /// <returns>Ends the use when it is disposed, once.</returns>
    public SessionLease Begin()
    {
        // The model is what the caller disposed; its type belongs to a layer above.
        if (Volatile.Read(ref _disposed) != 0 || !_users.TryEnter()) throw new ObjectDisposedException("Swan.MLNet.Models.SwanModel");
        return new SessionLease(_users);
    }

    /// <summary>Within a use (<see cref="Begin"/>), makes the runs of a batch, as many at once as the device takes.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="runs">How many runs, at least 1.</param>
    /// <param name="run">Makes run <c>i</c> with a turn; on several threads.</param>
    /// <param name="handOn">Called on this thread after runs have ended; null for nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    public void RunAll(int rows, int runs, Action<int, RunTurn> run, Action? handOn, CancellationToken cancellation)
    {
        new BatchRuns(Turns, runs, run).Make(isOneRow: rows == 1, handOn, cancellation);
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _rows, rows);
    }

    /// <summary>Within a use (<see cref="Begin"/>), runs the graph and writes N×D floats, <c>embeddings[row * D + d]</c>.</summary>
    /// <param name="turn">The run's.</param>
    /// <param name="telemetry">Measures the run.</param>
    /// <param name="inputNames">The graph's inputs.</param>
    /// <param name="inputs">Their values.</param>
    /// <param name="count">N.</param>
    /// <param name="rows">Rows of the caller that this run is for: more than N where equal ones share it.</param>
    /// <param name="embeddings">At least N×D values.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="SwanFormatException">The graph asks for more memory than an encoder may take.</exception>
    public void Run(
        RunTurn turn, EncoderTelemetry telemetry, string[] inputNames, OrtValue[] inputs, int count, int rows, Span<float> embeddings,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using EncoderTelemetry.Run run = telemetry.Start(rows);
        try
        {
            if (!TryRun(inputNames, inputs, count, embeddings, shrinks: false, cancellation))
                RunAlone(turn, inputNames, inputs, count, embeddings, cancellation);
        }
        catch (Exception e)
        {
            run.Failed(e);
            throw;
        }
        run.Succeeded();
        Interlocked.Increment(ref _runs);
        Interlocked.Add(ref _encoded, count);
    }

    /// <summary>Within a use, when the runs of a large batch have ended: gives back the memory that they took.</summary>
    /// <remarks>ONNX Runtime does it at the end of a run only, so this is a run of an unrequested row.</remarks>
    /// <param name="inputNames">The graph's inputs.</param>
    /// <param name="inputs">A small row.</param>
    /// <param name="cancellation">Ends it.</param>
    public void GiveMemoryBack(string[] inputNames, OrtValue[] inputs, CancellationToken cancellation)
    {
        using RunTurn turn = Turns.Wait(isOneRow: true, cancellation);
        // Where others take all memory there is nothing to give back.
        _ = TryRun(inputNames, inputs, 1, new float[_embeddingSize], shrinks: true, cancellation);
    }

    /// <summary>Takes no more uses; those that have begun finish, and the last one closes the session.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _users.Leave();
    }

    // False where there was too little memory.
    private bool TryRun(
        string[] inputNames, OrtValue[] inputs, int count, Span<float> embeddings, bool shrinks, CancellationToken cancellation)
    {
        try
        {
            RunGraph(inputNames, inputs, count, embeddings, shrinks, cancellation);
            return true;
        }
        catch (OnnxRuntimeException e) when (EncoderArena.IsExhausted(e))
        {
            return false;
        }
    }

    // Other runs take memory, and the arena keeps what they took. The first try may have to clear it for the second.
    private void RunAlone(
        RunTurn turn, string[] inputNames, OrtValue[] inputs, int count, Span<float> embeddings, CancellationToken cancellation)
    {
        turn.BecomeAlone(cancellation);
        if (TryRun(inputNames, inputs, count, embeddings, shrinks: true, cancellation)) return;
        try
        {
            RunGraph(inputNames, inputs, count, embeddings, shrinks: true, cancellation);
        }
        catch (OnnxRuntimeException e) when (EncoderArena.IsExhausted(e))
        {
            throw EncoderArena.Exhausted(_what, count, _maxBytes, e);
        }
    }

    private unsafe void RunGraph(
        string[] inputNames, OrtValue[] inputs, int count, Span<float> embeddings, bool shrinks, CancellationToken cancellation)
    {
        // Errors are in the exception; none are printed as well.
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        if (shrinks) EncoderArena.ShrinkAfter(options);
        // Disposing the registration waits for a callback that is running, so the options outlive it.
        using CancellationTokenRegistration registration = cancellation.Register(
            static state => ((RunOptions)state!).Terminate = true, options);
        fixed (float* destination = embeddings)
        {
            using OrtValue output = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [count, _embeddingSize], (nint)destination,
                (long)count * _embeddingSize * sizeof(float));
            try
            {
                ComputeThread.Run(() => _session.Run(options, inputNames, inputs, OutputNames, [output]));
            }
            catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
        }
    }

    private static void Require(
        IReadOnlyDictionary<string, NodeMetadata> all, string name, TensorElementType type, int[] shape, string what, string kind)
    {
        string expected = $"the {kind} '{name}' of {type} [{string.Join(", ", shape.Select(Side))}]";
        if (!all.TryGetValue(name, out NodeMetadata? found))
            throw Mismatch(what, $"has no {kind} '{name}' (it has {string.Join(", ", all.Keys)})", expected);
        int[] sides = found.Dimensions;
        // A side that the graph leaves open fits any expectation; the run checks it.
        bool fits = found.IsTensor && found.ElementDataType == type && sides.Length == shape.Length
            && sides.Zip(shape).All(s => s.First < 0 || s.First == s.Second) && (shape[0] != -1 || sides[0] < 0);
        if (!fits)
            throw Mismatch(what, $"has the {kind} '{name}' of {found.ElementDataType} [{string.Join(", ", sides.Select(Side))}]", expected);
    }

    private static string Side(int side) => side < 0 ? "any" : side.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static SwanFormatException Mismatch(string what, string found, string expected) =>
        new($"{what} {found}; expected {expected}. The graph doesn't fit the model's card: export the model again.");
}
