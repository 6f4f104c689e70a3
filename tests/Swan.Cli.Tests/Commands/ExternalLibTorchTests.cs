using System.Diagnostics;
using System.Text.Json.Nodes;
using Swan.Training;
using Swan.Training.Native;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>SWAN_LIBTORCH</c>, with a copy of libtorch: files of its own, not links, which the loader takes for the same.</summary>
public sealed class ExternalLibTorchTests(ExternalLibTorchTests.SecondCopy copy) : IClassFixture<ExternalLibTorchTests.SecondCopy>
{
    private const string LibTorch = "libtorch_cpu.so", LibTorchSharp = "libLibTorchSharp.so";

    [Theory]
    [InlineData("as built")]
    [InlineData("on a new system")]
    [InlineData("without libtorch")]
    public async Task A_training_takes_the_libtorch_that_is_asked_for(string program)
    {
        string run = copy.Folder.File($"run {program}"), swanFolder = copy.Program(program);
        var asked = new Dictionary<string, string> { ["SWAN_LIBTORCH"] = copy.LibTorchFolder };
        using SwanProcess swan = SwanProcess.StartCopy(
            swanFolder, asked, "train", "--data", copy.Data, "--out", run, "--config", copy.Config, "--epochs", "200");
        await swan.Line(l => l.StartsWith("     1 ", StringComparison.Ordinal));
        Assert.Equal([Path.Combine(copy.LibTorchFolder, LibTorch)], swan.Mapped(LibTorch));
        Assert.Contains($"libtorch 2.10.0 is loaded from '{copy.LibTorchFolder}', which SWAN_LIBTORCH names.", swan.Output,
            StringComparison.Ordinal);
        swan.Interrupt();
        Assert.Equal(130, await swan.Ended());
    }

    [Fact]
    public async Task A_search_works_whatever_libtorch_is_asked_for()
    {
        (int code, _, string errors) = await SwanProcess.Run(new Dictionary<string, string> { ["SWAN_LIBTORCH"] = "/nowhere" },
            "search", "--images", Path.Combine(copy.Data, "images"), "a forest");
        Assert.True(code == 0, errors);
    }

    [Theory]
    [InlineData("missing", "has no libtorch_cpu.so")]
    [InlineData("text", "whose libtorch_cpu.so is not a shared library")]
    [InlineData("arm", "whose libtorch_cpu.so is a library for 64-bit ARM, and this program for x86-64")]
    [InlineData("header only", "can't be loaded")]
    [InlineData("cut", "whose libtorch_cpu.so is cut short: it has 120 bytes, and its table of sections ends at 4,160")]
    public async Task A_folder_that_has_no_libtorch_for_this_machine_is_refused(string what, string said)
    {
        string folder = copy.Folder.File(what), file = Path.Combine(folder, LibTorch);
        Directory.CreateDirectory(folder);
        byte[] header = [0x7f, .. "ELF"u8, 2, 1, 1, .. new byte[9], 3, 0, (byte)(what == "arm" ? 183 : 62), 0, .. new byte[100]];
        if (what == "cut") (header[0x29], header[0x3A], header[0x3C]) = (16, 64, 1); // a section's 64 bytes at 4096
        if (what != "missing") File.WriteAllBytes(file, what == "text" ? "no library at all, but text"u8 : header);
        await AssertRefused(folder, [said, "for this machine"]);
    }

    [Fact]
    public async Task The_programs_own_folder_may_be_named_too()
    {
        (int code, string output, string errors) = await SwanProcess.Run(
            new Dictionary<string, string> { ["SWAN_LIBTORCH"] = AppContext.BaseDirectory }, "doctor");
        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public async Task Another_version_is_refused_unless_it_is_named()
    {
        using (copy.OfVersion(11))
        {
            await AssertRefused(copy.LibTorchFolder,
                ["has libtorch 2.11.0, but TorchSharp's native library was built with 2.10", "set SWAN_LIBTORCH_VERSION to 2.11"]);
            var asked = new Dictionary<string, string>
            {
                ["SWAN_LIBTORCH"] = copy.LibTorchFolder, ["SWAN_LIBTORCH_VERSION"] = "2.11",
            };
            (int code, string output, string errors) = await SwanProcess.Run(asked, "doctor");
            Assert.True(code == 0, output + errors);
            Assert.Contains($"2.11.0 from {Path.Combine(copy.LibTorchFolder, LibTorch)}", output, StringComparison.Ordinal);

            string run = copy.Folder.File("run of 2.11");
            (code, output, errors) = await SwanProcess.Run(
                asked, "train", "--data", copy.Data, "--out", run, "--config", copy.Config, "--epochs", "1");
            Assert.True(code == 0, output + errors);
            Assert.Equal("2.11.0", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(run, "versions.json")))![0]!["libtorch"]);
        }
    }

    private async Task AssertRefused(string folder, string[] said)
    {
        (int code, _, string errors) = await SwanProcess.Run(new Dictionary<string, string> { ["SWAN_LIBTORCH"] = folder },
            "train", "--data", copy.Data, "--out", copy.Folder.File("refused"), "--config", copy.Config);
        Assert.Equal(1, code);
        Assert.Contains($"'{folder}'", errors, StringComparison.Ordinal);
        Assert.All(said, part => Assert.Contains(part, errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    /// <summary>libtorch copied to a folder of its own, half a gigabyte, once for all tests.</summary>
    public sealed class SecondCopy : IDisposable
    {
        // movabs $0x020a000000000000, %rax: what libtorch 2.10.0 answers when it is asked for its version.
        private static readonly byte[] Version210 = [0x48, 0xb8, 0, 0, 0, 0, 0, 0, 10, 2];

        private readonly List<string> _programs = [];

        public SecondCopy()
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "SWAN_LIBTORCH is read on Linux");
            LibTorchFolder = Folder.File("libtorch");
            Directory.CreateDirectory(LibTorchFolder);
            foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "lib*.so*"))
            {
                string name = Path.GetFileName(file);
                if (name is LibTorch or "libc10.so" or "libtorch.so" || name.StartsWith("libgomp", StringComparison.Ordinal))
                    File.Copy(file, Path.Combine(LibTorchFolder, name));
            }

            Data = TinyData.Write(Folder.File("data"));
            Config = Folder.File("tiny.json");
            File.WriteAllText(Config, TinyRun.Options.ToJson());
        }

        internal TemporaryFolder Folder { get; } = new();

        public string LibTorchFolder { get; }

        public string Data { get; }

        public string Config { get; }

        /// <summary>A copy of the program: hard links, but for what makes it another one.</summary>
        public string Program(string name)
        {
            if (name == "as built") return AppContext.BaseDirectory;
            // Beside the program: a link can't lead to another file system, and a copy takes half a gigabyte.
            string own = AppContext.BaseDirectory.TrimEnd('/'), folder = $"{own}-{Guid.NewGuid():N}";
            _programs.Add(folder);
            using (Process copying = Process.Start("cp", ["-al", own, folder]))
            {
                copying.WaitForExit();
                Assert.Equal(0, copying.ExitCode);
            }

            if (name == "without libtorch")
            {
                foreach (string file in (string[])[LibTorch, "libc10.so", "libtorch.so"]) File.Delete(Path.Combine(folder, file));
                return folder;
            }

            // As where libstdc++ is new: TorchSharp's library loads as it lies there, and TorchSharp's search finds all by itself.
            string library = Path.Combine(folder, LibTorchSharp);
            byte[] image = File.ReadAllBytes(library);
            Assert.NotEqual(0, ElfSymbolVersion.Lower(image));
            File.Delete(library); // a link to the package's file, which must stay as it is
            File.WriteAllBytes(library, image);
            return folder;
        }

        /// <summary>Lets the copy say that it is another version, until this is disposed.</summary>
        public IDisposable OfVersion(byte minor)
        {
            string file = Path.Combine(LibTorchFolder, LibTorch);
            long at = PositionOf(file, Version210);
            Assert.True(at >= 0, "libtorch 2.10's version was not found in its code");
            Write(minor);
            return new Undo(() => Write(Version210[8]));

            void Write(byte value)
            {
                using FileStream stream = File.OpenWrite(file);
                stream.Position = at + 8;
                stream.WriteByte(value);
            }
        }

        public void Dispose()
        {
            Folder.Dispose();
            foreach (string program in _programs) Directory.Delete(program, recursive: true);
        }

        private static long PositionOf(string file, byte[] pattern)
        {
            byte[] buffer = new byte[1 << 20];
            using FileStream stream = File.OpenRead(file);
            for (long start = 0; start < stream.Length; start += buffer.Length - pattern.Length)
            {
                stream.Position = start;
                int at = buffer.AsSpan(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)).IndexOf(pattern);
                if (at >= 0) return start + at;
            }

            return -1;
        }

        private sealed class Undo(Action action) : IDisposable
        {
            public void Dispose() => action();
        }
    }
}
