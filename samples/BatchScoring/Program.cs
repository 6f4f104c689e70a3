using Swan.Batch;
using Swan.MLNet;

using var interruption = new Interruption();
return await ScoringJob.Run(
    new ScoringRequest
    {
        Model = args[0],
        Images = args[1],
        Root = Path.GetFullPath(args[1]),
        Out = Path.GetFullPath(args[2]),
        Shard = new Shard(0, 1),
        Chunk = 10_000,
        Rotations = 1,
        Device = SwanDevice.Auto,
        Threads = 0,
        Batch = 32,
        MaxBad = 0.01,
        RetryBad = false,
    },
    interruption.Token);
