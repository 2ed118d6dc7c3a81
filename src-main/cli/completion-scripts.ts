/**
 * The scripts that ask `latchkey complete` what may come next. Invariant: what stands on the line goes to the program word
 * by word and is never evaluated, so a Tab runs nothing that was typed. One answer: a line `value<Tab>description` for
 * each, then `:4`, or `:0` where a file may stand.
 */
export const completionScripts = {
  bash: `# bash completion for latchkey; needs nothing else
_latchkey() {
  local line files=0 cur="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :0) files=1 ;;
      :*) ;;
      *)
        line="\${line%%$'\\t'*}"
        if [[ "$line" == "$cur"* ]]; then COMPREPLY+=("$line"); fi
        ;;
    esac
  done < <(latchkey complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if ((files && \${#COMPREPLY[@]} == 0)); then compopt -o default 2>/dev/null; fi
  return 0
}
complete -F _latchkey latchkey
`,
  zsh: `#compdef latchkey
_latchkey() {
  local line files=0
  local -a values
  for line in "\${(@f)$(latchkey complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case "$line" in
      :0) files=1 ;;
      :* | '') ;;
      *) values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  if ((\${#values})); then
    _describe latchkey values
  elif ((files)); then
    _files
  fi
}
compdef _latchkey latchkey
`,
  fish: `# fish completion for latchkey
function __latchkey_ask
    set -l words (commandline -opc) (commandline -ct)
    latchkey complete -- $words[2..-1] 2>/dev/null
end
function __latchkey_files
    string match -q ':0' -- (__latchkey_ask)
end
complete -c latchkey -f -a '(__latchkey_ask | string match -v -r "^:")'
complete -c latchkey -n __latchkey_files -F
`,
  powershell: `# PowerShell completion for latchkey
Register-ArgumentCompleter -Native -CommandName latchkey -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += '' }
    & latchkey complete -- @words 2>$null | Where-Object { $_ -notmatch '^:' } | ForEach-Object {
        $value, $description = $_ -split "\`t", 2
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
}
`,
} as const;

export type Shell = keyof typeof completionScripts;
export const shells = Object.keys(completionScripts) as readonly Shell[];
