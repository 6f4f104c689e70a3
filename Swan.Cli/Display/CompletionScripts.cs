namespace Swan.Cli.Display;

/// <summary>What each shell evaluates to complete <c>swan</c>'s command lines. All ask <c>swan "[suggest:POSITION]" "LINE"</c>.</summary>
internal static class CompletionScripts
{
    /// <summary>Scripts by shell.</summary>
    public static IReadOnlyDictionary<string, string> ByShell { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = """
            # eval "$(swan completion bash)" in ~/.bashrc
            _swan() {
              local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
              COMPREPLY=($(compgen -W "$(swan "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _swan swan
            """,
        ["zsh"] = """
            # eval "$(swan completion zsh)" in ~/.zshrc, after compinit
            _swan() {
              local line="${(j: :)words[1,CURRENT]}"
              local -a found=("${(@f)$(swan "[suggest:${#line}]" "$line" 2>/dev/null)}")
              if [[ -n "${found[1]}" ]]; then compadd -a found; else _files; fi
            }
            compdef _swan swan
            """,
        ["fish"] = """
            # swan completion fish | source, in ~/.config/fish/config.fish
            complete -c swan -a '(swan "[suggest:$(commandline -C)]" "$(commandline -cp)" 2>/dev/null)'
            """,
        ["pwsh"] = """
            # swan completion pwsh | Out-String | Invoke-Expression, in $PROFILE
            Register-ArgumentCompleter -Native -CommandName swan -ScriptBlock {
              param($wordToComplete, $commandAst, $cursorPosition)
              swan "[suggest:$cursorPosition]" "$commandAst" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """,
    };
}
