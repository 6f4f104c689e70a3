using SharpFuzz;
using Swan.Fuzz;

// Swan.Fuzz TARGET              under afl-fuzz, which build/fuzz starts
// Swan.Fuzz TARGET FILE...      runs files once, such as those that fuzzing found
// Swan.Fuzz --seeds FOLDER      writes the files that fuzzing begins with
switch (args)
{
    case ["--seeds", string folder]:
        foreach ((string each, Lazy<FuzzTarget> seeded) in FuzzTargets.All)
        {
            DirectoryInfo place = Directory.CreateDirectory(Path.Combine(folder, each));
            foreach ((string name, byte[] bytes) in seeded.Value.Seeds()) File.WriteAllBytes(Path.Combine(place.FullName, name), bytes);
        }
        return 0;
    case [string name] when FuzzTargets.All.TryGetValue(name, out Lazy<FuzzTarget>? target):
        // A child does the work, so that a crash of native code is a finding and not the end.
        Fuzzer.OutOfProcess.Run(stream => target.Value.Run(All(stream)));
        return 0;
    case [string name, .. string[] files] when FuzzTargets.All.TryGetValue(name, out Lazy<FuzzTarget>? target):
        int found = 0;
        foreach (string file in files)
        {
            try
            {
                target.Value.Run(File.ReadAllBytes(file));
            }
            catch (Exception e)
            {
                found++;
                Console.Error.WriteLine($"{file}: {e}");
            }
        }
        return found == 0 ? 0 : 1;
    default:
        Console.Error.WriteLine($"usage: Swan.Fuzz {string.Join('|', FuzzTargets.All.Keys)} [FILE...]");
        return 2;
}

static byte[] All(Stream stream)
{
    using var bytes = new MemoryStream();
    stream.CopyTo(bytes);
    return bytes.ToArray();
}
